"""Write a scenario in Python, save it as YAML, and run it.

The same checks apply as to a file: try a wrong name, or a value out of range.
"""

from pathlib import Path

import sim

RUNS = 30


def main() -> None:
    scenario = sim.Scenario.build(
        name="armenia-turns",
        title="Armenia elects a leader who turns West, and China steps in",
        question="Does Armenia stay in the CSTO?",
        thesis="kuzio",
        start="2015-01",
        years=12,
        parameters={"rivals.vacuum": 0.8},
        timeline=[
            {
                "name": "a leader who turns West",
                "at": "2018-05",
                "event": "election",
                "state": "ARM",
                "alignment": -0.4,
                "turnover": True,
            },
            {
                "name": "China steps in",
                "when": {"variable": "alignment", "state": "KGZ", "below": 0.4},
                "event": "engage",
                "power": "China",
                "engagement": 2.0,
            },
        ],
    )
    print(scenario.debug())
    Path("armenia-turns.yaml").write_text(scenario.to_yaml(), encoding="utf-8")

    results = sim.run(scenario, runs=RUNS, workers=2, progress=True)
    events = results.events
    left = events[(events.kind == "membership") & (events.actor == "ARM") & (events.target == "CSTO")]
    share = left[left.detail == "left"].replicate.nunique() / len(results.outcomes)
    print(f"Armenia leaves the CSTO in {share:.0%} of runs")


if __name__ == "__main__":
    main()
