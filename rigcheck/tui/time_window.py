"""Which stretch of a run the plots show; knows no Textual."""

_LEAST_S = 4.0
_ZOOM = 2.0
_SCROLL_SHARE = 0.25


class TimeWindow:
    """All of the run, or a part of it, which follows the newest or stands where it was put."""

    def __init__(self) -> None:
        self._width_s: float | None = None
        """None shows all."""
        self._end_s: float | None = None
        """None follows the newest."""

    @property
    def is_part(self) -> bool:
        """True where there is more than is shown."""
        return self._width_s is not None

    def shown(self, whole_s: float, now_s: float) -> tuple[float, float]:
        """Where it begins and ends, of an axis of `whole_s` on which `now_s` is the newest."""
        if self._width_s is None:
            return 0.0, whole_s
        width_s = min(self._width_s, whole_s)
        end_s = now_s if self._end_s is None else self._end_s
        end_s = min(max(end_s, width_s), whole_s)
        return end_s - width_s, end_s

    def zoom(self, step: int, whole_s: float, now_s: float) -> None:
        """Closer for each step, about the middle; on the newest, where that is shown."""
        start_s, end_s = self.shown(whole_s, now_s)
        width_s = max((end_s - start_s) * _ZOOM**-step, min(_LEAST_S, whole_s))
        if width_s >= whole_s:
            self.show_all()
            return
        if self._end_s is not None:
            self._put_end((start_s + end_s + width_s) / 2, now_s)
        self._width_s = width_s

    def scroll(self, step: int, whole_s: float, now_s: float) -> None:
        """A quarter of what is shown, to later times or, below 0, to earlier ones."""
        if self._width_s is None:
            return
        start_s, end_s = self.shown(whole_s, now_s)
        width_s = end_s - start_s
        self._put_end(max(end_s + step * _SCROLL_SHARE * width_s, width_s), now_s)

    def show_all(self) -> None:
        """From the run's start on."""
        self._width_s = self._end_s = None

    def _put_end(self, end_s: float, now_s: float) -> None:
        self._end_s = end_s if end_s < now_s else None
