"""The view of a data set: js/views/overview.js."""

from __future__ import annotations

import threading
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import traitlets

from limelight.preferences import options
from limelight.scalars import is_finite, is_whole
from limelight.widgets import busy
from limelight.widgets import overview_payload as payload
from limelight.widgets.messages import Widget, chosen_or_kept, ignored, is_index, is_message, log, sendable, shown, told
from limelight.widgets.view import FAILS, STATIC

if TYPE_CHECKING:
    from limelight.dataset.result import Overview
    from limelight.dataset.steps import Begun

Answer = tuple[dict[str, Any], list[bytes]]
SLICE = 0.25
"""Seconds that are spent on a measure or a curve before the view is answered, about."""
NEARLY = 0.99
"""The largest share of what is not over."""


class OverviewView(Widget):
    """An overview, drawn. It asks for what it does not carry; nothing is computed unasked.

    `measures`, `curves` and `partners` are never assigned: they are read from
    the overview whenever they are wanted, as Python may have asked for more.

    Parameters
    ----------
    overview : Overview
    """

    _esm = STATIC / "overview.js"
    subject = traitlets.Dict().tag(sync=True)  # what is drawn; never changes
    outputs = traitlets.Dict().tag(sync=True)  # {names, space, target, mean, base, notes}
    points = traitlets.Dict().tag(sync=True)  # rows as numbers
    texts: Any = traitlets.Any().tag(sync=True)  # of a corpus: some texts, whole
    density: Any = traitlets.Any().tag(sync=True)  # how all rows are spread, where not all are carried
    measures = traitlets.Dict().tag(sync=True)  # {known, offers}
    curves = traitlets.Dict().tag(sync=True)  # {feature: how the output depends on it}
    partners: Any = traitlets.Any().tag(sync=True)  # for each feature the one that it acts with most
    settings = traitlets.Dict().tag(sync=True)  # {measure, feature, row, cohort}: what the reader chose
    look = traitlets.Dict().tag(sync=True)  # {language, theme}, as ll.options said; never changes
    fallback = traitlets.Unicode().tag(sync=True)  # name of the picture that stands where it can't run; never changes

    def __init__(self, overview: Overview):
        self.overview = overview
        self._lock = threading.Lock()
        self._begun: dict[tuple[str | int, int], Begun] = {}
        busy.watch()
        super().__init__(subject=payload.subject(overview), **self._shown(), look=options.look, fallback=token_hex(8),
                         settings={"measure": next(iter(overview.measures)), "feature": None, "row": None,
                                   "cohort": None})
        self.on_msg(self._receive)

    def _shown(self) -> dict[str, Any]:
        """What differs by output."""
        return {"outputs": payload.outputs(self.overview), "points": payload.points(self.overview),
                "texts": payload.texts(self.overview), "density": payload.density(self.overview)}

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """Return the whole state as it is now, as it can be sent."""
        state = super().get_state(key, drop_defaults)
        now = {"measures": payload.measures, "curves": payload.curves, "partners": payload.partners}
        return {name: sendable(now[name](self.overview)) if name in now else value for name, value in state.items()}

    def usable(self, settings: Any) -> dict[str, Any] | None:
        """What a reader chose, if it can be used here."""
        if not isinstance(settings, dict):
            return None
        measure, feature, row, cohort = (settings.get(name) for name in ("measure", "feature", "row", "cohort"))
        usable = (isinstance(measure, str) and measure in self.overview.offers
                  and (feature is None or self._is_feature(feature))
                  and (row is None or is_index(row, self.overview.n_rows))
                  and (cohort is None or self._cohort(cohort) is not None))
        if not usable:
            return None
        return {"measure": measure, "feature": feature, "row": row,
                "cohort": None if cohort is None else self._cohort(cohort)}

    @traitlets.validate("settings")
    def _checked_settings(self, proposal: Any) -> dict[str, Any]:
        return chosen_or_kept(self.usable(proposal.value), self.settings, proposal.value)

    def _is_feature(self, value: Any) -> bool:
        return is_index(value, len(self.overview.feature_names))

    def _cohort(self, value: Any) -> dict[str, Any] | None:
        """A cohort that can be used, or None."""
        if not isinstance(value, dict) or not self._is_feature(value.get("feature")):
            return None
        low, high, axis = value.get("low"), value.get("high"), value.get("axis")
        if not (is_finite(low) and is_finite(high)) or axis not in ("value", "attribution"):
            return None
        return {"feature": value["feature"], "axis": axis, "low": float(low), "high": float(high)}

    def _receive(self, _: Any, content: Any, buffers: Any) -> None:
        handlers = {"row": self._on_row, "cohort": self._on_cohort, "dependence": self._on_dependence,
                    "measure": self._on_measure, "turn": self._on_turn}
        if not is_message(content) or content["type"] not in handlers:
            ignored("a message", content)
        elif busy.elsewhere() or not self._lock.acquire(blocking=False):
            self.send({"type": "waiting", "id": content.get("id")})
        else:
            try:
                self._answer(content, handlers[content["type"]](content))
            except FAILS as error:
                log.warning("%s can't be answered: %s", shown(content), shown(error))
                self._answer(content, ({"error": told(error)}, []))
            finally:
                self._lock.release()

    def _answer(self, content: dict[str, Any], answer: Answer | None) -> None:
        """Send it; None: the message could not be used."""
        if answer is None:
            return ignored("a message", content)
        self.send({"type": content["type"], "id": content.get("id"), **answer[0]}, answer[1])

    def _on_row(self, content: dict[str, Any]) -> Answer | None:
        asked, label = content.get("row"), content.get("label")
        if isinstance(label, str) and len(label) <= payload.LONGEST_NAME:
            number = self.overview.number_of(label=label)
        elif is_whole(asked) and asked.bit_length() <= 53:
            number = self.overview.number_of(asked)
        else:
            return None
        place = self.overview.place_of(number)
        return ({"row": number, "explained": False}, []) if place is None else payload.row(self.overview, place)

    def _on_cohort(self, content: dict[str, Any]) -> Answer | None:
        asked = self._cohort(content)
        return None if asked is None else payload.cohort(self.overview, **asked)

    def _on_dependence(self, content: dict[str, Any]) -> Answer | None:
        feature = content.get("feature")
        if not isinstance(feature, int) or not self._is_feature(feature):
            return None
        if self.overview.kinds[feature] not in ("number", "category"):
            return None
        done = 1.0 if feature in self.overview.dependences else self._go_on(feature)
        if done == 1:
            self.send_state("curves")
        return {"done": done}, []

    def _on_measure(self, content: dict[str, Any]) -> Answer | None:
        """Go on with a measure for a moment: what was begun and left goes on where it was."""
        name = content.get("name")
        if not isinstance(name, str) or name not in self.overview.offers:
            return None
        done = 1.0 if name in self.overview.measures else self._go_on(name)
        if done == 1:
            self.send_state(["measures", "partners"])
        return {"name": name, "done": done}, []

    def _go_on(self, wanted: str | int) -> float:
        """Go on with a measure or a column's curves for a moment; returns the share that is done."""
        key = wanted, self.overview.target
        begun = self._begun.pop(key, None) or self.overview.begin(wanted)
        begun.go_on(SLICE)
        if begun.over:
            return 1.0
        self._begun[key] = begun
        return min(begun.share, NEARLY)

    def _on_turn(self, content: dict[str, Any]) -> Answer | None:
        target = content.get("target")
        if not isinstance(target, int) or not is_index(target, len(self.overview.output_names)):
            return None
        self.overview = self.overview.turn(target)
        with self.hold_sync():
            for name, value in self._shown().items():
                setattr(self, name, value)
        self.send_state(["measures", "curves", "partners"])
        return {}, []
