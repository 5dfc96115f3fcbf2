from datetime import date

from rigcheck.knowledge.cpu_levels import cpu_levels

V1 = {"cmov", "cx8", "fpu", "fxsr", "mmx", "syscall", "sse", "sse2"}
V2 = V1 | {"cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3"}
V3 = V2 | {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"}
V4 = V3 | {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}


def test_each_level_is_met_by_its_flags_and_those_below() -> None:
    assert [cpu_levels().level_of(flags) for flags in (set(), V1, V2, V3, V4)] == [0, 1, 2, 3, 4]


def test_one_missing_flag_of_a_lower_level_keeps_it_there() -> None:
    assert cpu_levels().level_of(V4 - {"popcnt"}) == 1


def test_what_is_missing_for_a_level_counts_those_below() -> None:
    assert cpu_levels().missing_for(3, V3 - {"movbe", "popcnt"}) == ("popcnt", "movbe")


def test_nothing_is_missing_for_a_level_that_is_met() -> None:
    assert cpu_levels().missing_for(3, V3) == ()


def test_levels_are_one_to_four_in_order() -> None:
    assert [level.number for level in cpu_levels().level] == [1, 2, 3, 4]
    assert cpu_levels().highest == 4


def test_a_flag_counts_for_its_own_architecture_only() -> None:
    """AMD's `sme` is memory encryption, ARM's a matrix unit."""
    flags = {"sme", "avx2", "asimd"}
    assert cpu_levels().deep_learning_flags("x86_64", flags) == ("avx2",)
    assert cpu_levels().deep_learning_flags("aarch64", flags) == ("asimd", "sme")


def test_no_flag_is_listed_twice() -> None:
    names = [(row.architecture, row.cpuinfo) for row in cpu_levels().flag]
    assert len(names) == len(set(names))


def test_every_row_says_where_and_when_it_was_read() -> None:
    for row in (*cpu_levels().level, *cpu_levels().flag):
        assert row.source
        assert date.fromisoformat(row.checked)
