import pytest

from rigcheck.versions import at_least, minor, release


@pytest.mark.parametrize(
    ("version", "numbers"),
    [
        ("2.13.0+cpu", (2, 13, 0)),
        ("580.95.05", (580, 95, 5)),
        ("12.4", (12, 4)),
        ("2.9.0a0+git1234", (2, 9, 0)),
    ],
)
def test_release_is_the_leading_numbers(version: str, numbers: tuple[int, ...]) -> None:
    assert release(version) == numbers


@pytest.mark.parametrize("text", ["", "unknown", "v2.1"])
def test_what_does_not_start_with_a_number_is_not_a_version(text: str) -> None:
    with pytest.raises(ValueError, match="not a version"):
        release(text)


@pytest.mark.parametrize(
    ("version", "floor"),
    [("12.10", "12.9"), ("570.124.06", "570.86.10"), ("525.60.13", "525.60.13"), ("13", "13.0")],
)
def test_parts_compare_as_numbers(version: str, floor: str) -> None:
    assert at_least(version, floor)


@pytest.mark.parametrize(
    ("version", "floor"), [("12.9", "12.10"), ("470.256.02", "525.60.13"), ("13", "13.0.1")]
)
def test_an_older_version_is_below_the_floor(version: str, floor: str) -> None:
    assert not at_least(version, floor)


def test_minor_is_the_first_two_numbers() -> None:
    assert [minor("2.13.0+cpu"), minor("12")] == ["2.13", "12.0"]
