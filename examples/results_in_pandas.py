"""Open a results folder in pandas: outcomes, monthly series, events with their facts, and challenges."""

import sim

RUNS = 20


def main() -> None:
    results = sim.run("milosevic", runs=RUNS, workers=2, out="results/pandas-example", progress=True)

    # One row a run
    print(results.outcomes[["replicate", "street_falls", "influence_change", "end_state"]].head())

    # One row a run, month and state; Moscow's own series stand in the rows of RUS
    december = results.trajectories[results.trajectories.month.str.endswith("-12")]
    alignment = december.pivot_table(index="month", columns="state", values="alignment", aggfunc="median")
    print(alignment.iloc[[0, -1]].round(2).T)

    # One row an event: who did what to whom and when, and the facts behind it
    falls = results.events[results.events.kind == "fall"]
    print(falls[["replicate", "month", "target", "cause", "cohesion"]].head(8).to_string(index=False))

    # One row a mass challenge to a regime: how the regime answered, and how it ended
    long = results.challenges[results.challenges.weeks > 12]
    print(long[["month", "state", "trigger", "weeks", "help", "ending"]].head(8).to_string(index=False))

    # The parameters each run drew, beside what came of it
    table = results.draws.merge(results.outcomes, on=["scenario", "replicate"])
    print(table[["citizens.conformity", "challenges.focal_rate", "challenges"]].corr().round(2))


if __name__ == "__main__":
    main()
