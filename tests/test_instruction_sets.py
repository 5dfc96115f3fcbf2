"""Instructions and the sets they belong to; the bytes are what GNU as makes of the text."""

import pytest

from rigcheck.instruction_sets import instruction_set, is_deliberate


@pytest.mark.parametrize(
    ("code", "flag"),
    [
        ("66 0f 38 17 c0", "sse4_1"),  # ptest xmm0, xmm0
        ("66 0f 3a 0b c1 08", "sse4_1"),  # roundsd xmm0, xmm1, 8
        ("f2 48 0f 38 f1 c1", "sse4_2"),  # crc32 rax, rcx
        ("66 0f 3a 0f c1 08", "ssse3"),  # palignr xmm0, xmm1, 8
        ("f2 0f 7c c1", "pni"),  # haddps xmm0, xmm1
        ("f3 48 0f b8 c1", "popcnt"),  # popcnt rax, rcx
        ("48 0f c7 0f", "cx16"),  # cmpxchg16b [rdi]
        ("48 0f c7 f0", "rdrand"),  # rdrand rax
        ("66 0f 38 dc c1", "aes"),  # aesenc xmm0, xmm1
        ("c5 f8 77", "avx"),  # vzeroupper
        ("c5 fc 58 c1", "avx"),  # vaddps ymm0, ymm0, ymm1
        ("c5 f9 fe c1", "avx"),  # vpaddd xmm0, xmm0, xmm1
        ("c5 fd fe c1", "avx2"),  # vpaddd ymm0, ymm0, ymm1
        ("c4 e2 7d 18 07", "avx"),  # vbroadcastss ymm0, [rdi]
        ("c4 e2 7d 58 07", "avx2"),  # vpbroadcastd ymm0, [rdi]
        ("c4 e2 7d 17 c1", "avx"),  # vptest ymm0, ymm1
        ("c4 e2 7d 40 c1", "avx2"),  # vpmulld ymm0, ymm0, ymm1
        ("c4 e2 75 b8 c2", "fma"),  # vfmadd231ps ymm0, ymm1, ymm2
        ("c4 e2 7d 13 c1", "f16c"),  # vcvtph2ps ymm0, xmm1
        ("c4 e2 f0 f2 c2", "bmi1"),  # andn rax, rcx, rdx
        ("c4 e2 e9 f7 c1", "bmi2"),  # shlx rax, rcx, rdx
        ("c4 e2 e8 f7 c1", "bmi1"),  # bextr rax, rcx, rdx
        ("62 f1 74 48 58 c2", "avx512f"),  # vaddps zmm0, zmm1, zmm2
        ("c5 f8 92 c8", "avx512f"),  # kmovw k1, eax
    ],
)
def test_an_instruction_tells_its_set(code: str, flag: str) -> None:
    found = instruction_set(bytes.fromhex(code))
    assert found is not None
    assert found.flag == flag


@pytest.mark.parametrize("code", ["0f 58 c1", "66 0f fe c1", "48 89 c8", "90", "66 0f", "c4", ""])
def test_what_every_x86_64_has_or_is_cut_short_tells_none(code: str) -> None:
    assert instruction_set(bytes.fromhex(code)) is None


def test_an_instruction_that_is_undefined_for_good_is_no_lack_of_the_cpus() -> None:
    assert is_deliberate(bytes.fromhex("0f 0b"))
    assert not is_deliberate(bytes.fromhex("0f 58 c1"))
    assert instruction_set(bytes.fromhex("0f 0b 90")) is None
