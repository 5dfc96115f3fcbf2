"""What a metric on the screen means, in the words of the report's JSON Schema."""

from collections.abc import Iterator

from textual.content import Content

from rigcheck.report.definitions import definition
from rigcheck.tui.layout import hanging, styled
from rigcheck.tui.look import KEY
from rigcheck.tui.metrics import Metric


def definition_lines(metric: Metric, n_columns: int) -> list[Content]:
    """Each of its meters, the one that matters first."""
    return [
        line
        for word, meaning in definitions(metric)
        for line in hanging(styled(word, KEY), styled(meaning), n_columns, len(word) + 2)
    ]


def definitions(metric: Metric) -> Iterator[tuple[str, str]]:
    """Names of the meters, each with its meaning."""
    for meter in reversed(metric.meters):
        yield meter.name, definition(meter.field)
