from rigcheck.facts import Part
from rigcheck.report.rows import rows


def texts(part: Part) -> dict[str, str]:
    return {row.label: row.text for row in rows(part)}
