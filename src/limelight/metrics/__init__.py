"""Every metric by name: its value, and what it gives to attributions that are none."""

from collections.abc import Collection

from limelight.metrics import anew, order, place, sums
from limelight.metrics.score import Metric, Score
from limelight.quality import localisation, perturbation
from limelight.quality.complexity import complexity, effective_complexity, sparseness

METRICS: dict[str, Metric] = {
    "deletion_auc": order.ordered(perturbation.deletion),
    "insertion_auc": order.ordered(perturbation.insertion),
    "comprehensiveness": order.ordered(perturbation.comprehensiveness),
    "sufficiency": order.ordered(perturbation.sufficiency),
    "infidelity": Metric("lower", sums.infidelity_score),
    "sensitivity_n": Metric("higher", sums.sensitivity_n_score),
    "completeness_gap": Metric("lower", sums.completeness_gap),
    "sparseness": place.spread(sparseness),
    "complexity": place.spread(complexity),
    "effective_complexity": place.spread(effective_complexity, extra=True),
    "faithfulness_correlation": Metric("higher", sums.faithfulness_correlation, extra=True),
    "faithfulness_estimate": Metric("higher", sums.faithfulness_estimate, extra=True),
    "monotonicity": Metric("higher", order.monotonicity, extra=True),
    "pgi": order.gap(perturbation.gap_important),
    "pgu": order.gap(perturbation.gap_unimportant),
    "relevance_mass": place.localised(localisation.relevance_mass),
    "relevance_rank": place.localised(localisation.relevance_rank),
    "pointing_game": place.localised(localisation.pointing_game),
    "top_k_intersection": place.localised(place.top_k),
    "auroc": place.localised(localisation.auroc, random=0.5),
    "marked_share_should_not": place.marked("should not matter", "lower"),
    "marked_share_should": place.marked("should matter", "higher"),
    "seed_stability": Metric("higher", anew.seeds, dear=True),
    "sensitivity_max": Metric("lower", anew.nearby_max, dear=True),
    "sensitivity_avg": Metric("lower", anew.nearby_avg, dear=True),
    "local_lipschitz": Metric("lower", anew.lipschitz, dear=True),
    "relative_input_stability": Metric("lower", anew.input_stability, dear=True),
    "randomisation": Metric("lower", anew.randomisation, dear=True),
    "efficient_randomisation": Metric("higher", anew.efficient, dear=True),
}
"""In the order of the table. What each is, where it comes from and when it misleads is in the documentation."""


def names_of(metrics: str, told: Collection[str] = ()) -> list[str]:
    """Names that "default" or "all" stand for; `told`: what of `Metric.needs` is known."""
    return [name for name, metric in METRICS.items()
            if (not metric.needs or metric.needs in told) and (metrics == "all" or not (metric.dear or metric.extra))]


__all__ = ["METRICS", "Metric", "Score", "names_of"]
