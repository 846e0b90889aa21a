"""Tables and values that follow from the code and the shipped files, without any run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from calibration.fit.inference import FEWEST
from calibration.fit.trust import ENOUGH
from calibration.simulated import ON_THE_STREET
from docs.remake.words import lines, markdown, percent, plain
from sim.measures import OUTCOMES, STATE_OUTCOMES, end_state
from sim.model.month import MONTH
from sim.model.regimes.week import MIDDLING_COHESION, MIDDLING_LOYALTY, REFERENCE_TURNOUT
from sim.parameters import catalogue, prior_text
from sim.parameters.priors import Fixed, Prior
from sim.report.limits import assumed_share
from sim.scenario import SHARED_WORLD, load, load_thesis, thesis_names
from sim.series import MOSCOW_SERIES, STATE_SERIES
from sim.world.places import CLASH_MONTHS
from sim.world.rulers import FADES, SLEPT_OFF

if TYPE_CHECKING:
    from sim.measures import Outcome
    from sim.scenario import Scenario


@cache
def of_code() -> dict[str, Any]:
    """Return what the templates know of the code."""
    specs = list(catalogue().values())
    return {
        "series": series(),
        "outcomes": outcomes(),
        "state_outcomes": state_outcomes(),
        "end_states": end_states(),
        "end_state_rules": end_state_rules(),
        "parameters": parameters(),
        "claims": claims(),
        "findings": findings(),
        "month": month(),
        "value": value,
        "value_in": value_in,
        "default_is": default_is,
        "one_in": f"{round(1 / (catalogue()['challenges.challenge_level'].default * ON_THE_STREET)):,}",
        "reference_turnout": f"{REFERENCE_TURNOUT:g}",
        "middling_cohesion": f"{MIDDLING_COHESION:g}",
        "middling_loyalty": f"{MIDDLING_LOYALTY:g}",
        "past_fades": f"{percent(1 - FADES)} %",
        "rest_fades": f"{percent(1 - SLEPT_OFF)} %",
        "clash_months": CLASH_MONTHS,
        "seed": load(SHARED_WORLD).seed,
        "number": str(len(specs)),
        "fixed": str(sum(isinstance(spec.prior, Fixed) for spec in specs)),
        "fewest_runs": FEWEST,
        "enough_draws": ENOUGH,
        "assumed_percent": percent(assumed_share()),
        "varying_percent": percent(sum(not isinstance(spec.prior, Fixed) for spec in specs) / len(specs)),
    }


def value(path: str) -> str:
    """Return a parameter's default, as running text has it."""
    return plain(catalogue()[path].default)


def prior_in(world: str, path: str) -> Prior:
    """Return the prior that a parameter has in a shipped scenario."""
    scenario = load(world)
    own = scenario.parameters.get(path)
    return own.prior if own else scenario.shared(path).prior


def value_in(scenario: str, path: str) -> str:
    """Return a parameter's value in a shipped scenario, or the middle of what it is drawn from there."""
    return plain(prior_in(scenario, path).centre)


def default_is(path: str, number: float) -> bool:
    """Whether a parameter's default is a number: sentences on what is off or on ask it."""
    return catalogue()[path].default == number


def series() -> str:
    """Return the table of what is recorded each month."""
    rows = [
        (owner, f"`{name}`", meaning)
        for owner, names in (("a state", STATE_SERIES), ("Moscow", MOSCOW_SERIES))
        for name, meaning in names.items()
    ]
    return markdown(("of", "name", "what it is"), rows)


def outcomes() -> str:
    """Return the table of the outcomes of a run."""
    return _outcomes(OUTCOMES)


def state_outcomes() -> str:
    """Return the table of the outcomes of a single state."""
    return _outcomes(STATE_OUTCOMES)


def _outcomes(outcomes: Mapping[str, Outcome]) -> str:
    rows = [
        (f"`{name}`", outcome.label, outcome.definition, outcome.unit) for name, outcome in outcomes.items()
    ]
    return markdown(("outcome", "what tables call it", "definition", "unit"), rows)


def end_states() -> str:
    """Return the table of the classes of end state, in the order in which their rules are tried."""
    return markdown(("class", "rule"), list(end_state.rules_in_words().items()))


def end_state_rules() -> str:
    """Return the table of the thresholds of the classes of end state, as the code has them."""
    rules = end_state.EndStateRules()
    change, west = "`influence_change`", "`realignments_to_west`"
    needs = {
        end_state.DISINTEGRATION: (
            f"{change} at most {-rules.collapse:g}, `street_falls` at least {rules.collapse_falls}, and "
            "`successors_anti` above `successors_neutral` and `successors_pro` together"
        ),
        end_state.SPACE_2: (
            f"{change} above {-rules.erosion:g}, `integrated` less `taken_in_war` at least "
            f"{rules.integrated}, and `clients_end` at most `clients_start`"
        ),
        end_state.VACUUM: (
            f"{change} at most {-rules.erosion:g}, and either `realignments_away` at least "
            f"{rules.vacuum_moves}, over half of them not {west}, or `requests` at least "
            f"{rules.vacuum_requests}, and `refusals` above {100 * rules.unanswered:g} % of them"
        ),
        end_state.CONSOLIDATION: (
            f"{change} at least {rules.rise:g}; or not below 0, and `clients_end` less `clients_start` at "
            f"least {rules.client_gain}"
        ),
        end_state.STATUS_QUO: "none of these",
    }
    return markdown(("class", "thresholds"), [(name, needs[name]) for name in end_state.END_STATES])


def parameters() -> str:
    """Return a table of the shared parameters for each section, and how many bear each tag."""
    return "\n".join(_parameters())


def _prior(path: str, shared: Scenario) -> str:
    """Return what a parameter is drawn from; of a fitted one also the prior that is set by hand."""
    by_hand = str(catalogue()[path].prior)
    fitted = shared.fitted.get(path)
    return f"fitted {prior_text(fitted.prior)}; by hand {by_hand}" if fitted else by_hand


def _parameters() -> Iterator[str]:
    specs, shared = catalogue(), load(SHARED_WORLD)
    tags = Counter(str(shared.shared(path).tag) for path in specs)
    yield f"{len(specs)} parameters: " + ", ".join(f"{tags[tag]} {tag}" for tag in sorted(tags)) + "."
    if shared.fitted:
        yield (
            f"{len(shared.fitted)} are fitted to the record: median and 90 % interval stand first, then the"
            " prior that is set by hand and from which the fit starts."
        )
    for section in dict.fromkeys(path.split(".")[0] for path in specs):
        yield f"\n### {section}\n"
        rows = [
            (
                f"`{path.removeprefix(f'{section}.')}`", _prior(path, shared),
                f"{spec.low:g} to {spec.high:g}, {spec.unit}", spec.meaning,
                str(shared.shared(path).tag), spec.source,
            )
            for path, spec in specs.items()
            if path.split(".")[0] == section
        ]  # fmt: skip
        yield from lines(("name", "prior", "range and unit", "meaning", "tag", "source"), rows)


def claims() -> str:
    """Return the table of what each claim of each thesis sets."""
    rows: list[tuple[str, ...]] = []
    for name in thesis_names():
        for claim in load_thesis(name).claims:
            for path, setting in claim.parameters.items():
                rows.append((claim.id, f"`{path}`", str(setting.prior), str(setting.tag), setting.source))
            if not claim.parameters:
                rows.append((claim.id, "none", "", "", claim.note))
    return markdown(("claim", "parameter", "prior", "tag", "source"), rows)


def findings() -> str:
    """Return the table of the claims whose effect the model does not show, and why."""
    rows = []
    for name in thesis_names():
        for claim in load_thesis(name).claims:
            if claim.finding and claim.effect is not None:
                effect = f"{OUTCOMES[claim.effect.outcome].label}, {claim.effect.sign}"
                rows.append((claim.id, claim.claim, effect, claim.finding))
    return markdown(("claim", "says", "effect", "finding"), rows)


def month() -> str:
    """Return the table of the month's stages."""
    rows = [(str(place), stage.name, stage.what, f"`{stage.where}`") for place, stage in enumerate(MONTH, 1)]
    return markdown(("", "stage", "what it does", "where"), rows)
