import inspect

import pytest

from rigcheck.monitor import sample
from rigcheck.report.definitions import definition


def test_a_definition_is_the_words_below_the_field_on_one_line() -> None:
    words = definition("GpuSample.utilization_percent")
    assert words.startswith("Share of the driver's last sample period (1/6 s to 1 s)")
    assert "\n" not in words
    source = " ".join(inspect.getsource(sample.GpuSample).split())
    assert words in source


@pytest.mark.parametrize("field", ["GpuSample.speed", "Nothing.at_all"])
def test_what_the_report_has_not_is_an_error(field: str) -> None:
    with pytest.raises(KeyError):
        definition(field)
