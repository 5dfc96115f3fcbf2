"""Prints how every case is judged: `python -m tests.cases.table`."""

from collections import Counter

from tests.cases.cases import Outcome, cases_dir, judged, recorded_cases, reports, shared_cases


def main() -> None:
    """One line a case, then the counts."""
    directory = cases_dir()
    for title, cases in (
        ("recorded rigs", recorded_cases()),
        ("pasted reports", reports()),
        (f"cases in {directory}", shared_cases(directory) if directory else ()),
    ):
        outcomes = [judged(case) for case in cases]
        print(f"{title}: {len(outcomes)}")
        for outcome in outcomes:
            print(_line(outcome))
        counts = Counter(outcome.word for outcome in outcomes)
        print(", ".join(f"{n} {word}" for word, n in sorted(counts.items())) or "none", "\n")


def _line(outcome: Outcome) -> str:
    wrong = " ".join(f"{f.id}({f.verdict.value})" for f in outcome.wrong)
    return f"  {outcome.word:<12} {outcome.case.id}: {wrong or '-'}"


if __name__ == "__main__":
    main()
