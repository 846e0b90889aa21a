"""The facts that events carry: every named number and word, with its unit and meaning.

A name means the same in every kind of event, and is a column of ``events.parquet``. Which kind carries which
is declared in `sim.model.events`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.series import Words


@dataclass(frozen=True, slots=True)
class Fact:
    """One named number or word that events carry.

    Parameters
    ----------
    meaning : str
    unit : str
        Of a number: ``share`` (0-1), ``alignment`` (-1 to 1), ``log-odds``, ``value`` (in which Moscow weighs
        its acts), ``count``, and so on. Empty for a word.
    """

    meaning: Words
    unit: str = ""

    @property
    def is_word(self) -> bool:
        """Whether it is a word; otherwise it is a number."""
        return not self.unit

    @property
    def is_count(self) -> bool:
        """Whether it is a whole number."""
        return self.unit == "count"


FACTS: Mapping[str, Fact] = {
    # what it belongs to, and what set it off
    "challenge": Fact("number of the challenge that it is part of, as in challenges.parquet", "count"),
    "cause": Fact("what brought it about: a code of the kind of event"),
    "chance": Fact(
        "chance with which it was drawn, in its week within a challenge, in its month otherwise", "share"
    ),
    # the street
    "participation": Fact("citizens in open opposition", "share"),
    "spark": Fact("what drives the challenge beyond everyday grievance, at its start", "legitimacy"),
    "efficacy": Fact("what citizens' hope of success adds to the grievance on which they act", "legitimacy"),
    "resources": Fact("organisation of the movement", "share"),
    "outside_help": Fact("help of outside organisers to the movement", "share"),
    "weeks": Fact("weeks since the street rose, or rose again", "count"),
    # the regime
    "legitimacy": Fact("share of citizens who find the regime rightful", "share"),
    "settled_legitimacy": Fact("legitimacy to which it returns, before performance and rents", "share"),
    "performance": Fact("what the regime's recent performance adds to that", "legitimacy"),
    "rent_support": Fact("what rents above or below their usual level add to that", "legitimacy"),
    "cohesion": Fact("cohesion of the elite", "share"),
    "loyalty": Fact("loyalty of the security services", "share"),
    "openness": Fact("openness of the regime", "share"),
    "preparedness": Fact("how well the regime is prepared for a challenge", "share"),
    "dependence": Fact("the regime's dependence on Moscow", "share"),
    "rents": Fact("rents at the regime's hand, before its answer", "share"),
    "tenure": Fact("years in office", "years"),
    "age": Fact("of the leader", "years"),
    "dual_power": Fact(
        "months left in which two centres of power stand against each other, 0 for none", "count"
    ),
    "lame_duck": Fact("months left to a leader who is about to go, 0 for none", "count"),
    # what holds the services
    "log_odds": Fact("of a defection in the week, before any answer or help", "log-odds"),
    "answer_gain": Fact("what the regime's answer takes off them", "log-odds"),
    "backing": Fact("what Moscow's help, or the expectation of it, takes off them", "log-odds"),
    "help_gain": Fact("what the help takes off them, at Moscow's standing", "log-odds"),
    # Moscow
    "expected": Fact("probability that Moscow answers, as the regime sees it", "share"),
    "worth": Fact("of keeping the regime to Moscow", "value"),
    "saved": Fact("risk of a fall that Moscow expects the help to take away", "share"),
    "price": Fact("political price of the act", "value"),
    "means": Fact("price of the troops, money and attention that the act takes", "value"),
    "restoration": Fact("weight of taking back what was lost in 1991, in Moscow's aims", "value"),
    "net": Fact("worth of the act less its price", "value"),
    "attention_left": Fact("attention that Moscow has left this month", "challenges"),
    "money_left": Fact("money that Moscow has left this year", "billion dollars"),
    "troops_free": Fact("troops that Moscow can still send", "thousand"),
    "free_capacity": Fact("Moscow's capacity that no war takes", "share"),
    "standing": Fact("Moscow's reputation for getting its way", "share"),
    "absence": Fact("how far Moscow is not there: capacity and standing lost", "share"),
    "campaign_rate": Fact("campaigns a year at the regime's preparedness and opposition", "a year"),
    # between powers
    "alignment": Fact("alignment of the state concerned with Moscow", "alignment"),
    "line": Fact("alignment that the leader seeks", "alignment"),
    "attitude": Fact("mean attitude to Moscow: of the crowd after a fall, else of the public", "attitude"),
    "drawn": Fact("alignment that a rival power draws away", "alignment"),
    "public": Fact("alignment that a change in the public's attitude adds", "alignment"),
    "trust": Fact("the state's trust in the alliance", "share"),
    "nato_course": Fact("progress toward NATO", "share"),
    # where a successor's line comes from: weight * programme + (1 - weight) * old_kept * old_line
    # + chance_part, held to what is possible; and the programme: the sum of its parts, held to -1 to 1
    "old_line": Fact("line of the leader who is gone", "alignment"),
    "old_kept": Fact("share of the old line that is kept", "share"),
    "programme": Fact("alignment that those who brought the new leader in want", "alignment"),
    "weight": Fact("weight of that programme in the new line", "share"),
    "chance_part": Fact("what chance adds to the new line", "alignment"),
    "line_limit": Fact("highest line that Moscow's coercion has left open", "alignment"),
    "attitude_part": Fact("what the attitude gives to the programme", "alignment"),
    "ties_part": Fact("what ties to the West give to it, 0 or less", "alignment"),
    "campaign_part": Fact("what help from the West to the movement gives to it, 0 or less", "alignment"),
    "sponsor_part": Fact("what Moscow's backing of the fallen regime gives to it, 0 or less", "alignment"),
    "help_rungs": Fact("rungs of help that Moscow gave in the challenge, summed", "count"),
    # war, clashes, the scenario
    "scale": Fact("of a war: full or limited"),
    "months": Fact("months of the run that the war has lasted, since it began or last widened", "count"),
    "first_garrison": Fact("Russian troops in the first state", "thousand"),
    "second_garrison": Fact("Russian troops in the second state", "thousand"),
    "build_up": Fact("arms that the two have built up against each other", "share"),
    "entry": Fact("kind of the scenario's event, as under `event` in its file"),
}
"""Every fact, by its name in an event and its column in ``events.parquet``."""
