"""Facts as lines of a table, for the TUI, text and page alike.

`table` makes the rows, `things` tells one GPU, filesystem, … of a list in a line, `values` writes a
value in its unit, `labels` says what people call a field.
"""

from rigcheck.report.rows.labels import label_of
from rigcheck.report.rows.table import Row, rows
from rigcheck.report.rows.values import fact_text, value_text

__all__ = ["Row", "fact_text", "label_of", "rows", "value_text"]
