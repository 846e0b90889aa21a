"""The pages say what the code and the stored numbers say, and hold no figure of runs of their own."""

import json
import re
import shutil
import statistics

import pytest
from jinja2 import UndefinedError

from calibration.skill.ablation import LATER, WHOLE
from calibration.skill.alignment import yearly_origins_rmse
from calibration.skill.forecasters import BASE, SIDES, WHEN
from calibration.skill.panel import DEVELOPMENT, FIRST, panel
from docs.remake.pages import PAGES, TEMPLATES, render, stale
from docs.remake.reached import RMSE
from docs.remake.scores import Stored
from docs.remake.skill import ranked
from docs.remake.skill_steps import HAND_SET
from docs.remake.stored import ROOT, Tree, by
from docs.remake.targets import missed
from docs.remake.theses import spoken, spoken_of
from docs.remake.what_ifs import assumed_ends
from docs.remake.words import percent
from sim.analysis import ends
from sim.analysis.shipped_audit import audit_marks
from sim.analysis.written import ASSUMED_END_STATE_MEANS
from sim.months import Month
from sim.parameters import catalogue
from sim.report.limits import limits
from sim.scenario import SHARED_WORLD, load

NOT_OF_RUNS = {
    "README.md.j2": {"3.11", "4.0", ".03", "5-95 %", "0.1", "0.2"},
    "HISTORY.md.j2": {"5-95 %", "5 %", "50 %", "90 %", "95 %", ".05"},
    "FINDINGS.md.j2": {"95 %", "100 %"},
    "CALIBRATION.md.j2": {"5 %", "50 %", "90 %", "95 %", ".05", ".95", ".001", "4.1"},
    "ODD.md.j2": {"95 %"},
    "MODEL.md.j2": {".03", ".25", "0.005", "1 %", "2.0"},
    "RECORD.md.j2": {"0.1", "0.2", "1.3", "2.1", "90 %"},
    "THESES.md.j2": set(),
    "SKILL.md.j2": {".005", ".04", ".5", ".995", "90 %"},
    "PARAMETERS.md.j2": set(),
    "OUTCOMES.md.j2": set(),
    "LIMITS.md.j2": {"5-95 %", "5 %"},
    "assumed-or-emergent.md.j2": {"95 %"},
}
"""What stands in the text of a template and comes from no run: levels, definitions, a version."""

FIGURE = re.compile(
    r"(?<![\w.])(?:\d[\d,]*-)?(?:\d[\d,]*)?(?:\d|\.\d+)(?: %)|(?<![\w.])\d*\.\d+|"
    r"\d[\d,]* (?=runs|draws|pairs|histories|cells|minutes|hours|seconds|territories|falls|challenges)"
)


def text_of(template):
    """Return a template's own text: without values, statements, code and addresses."""
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    for mark in (r"\{\{.*?\}\}", r"\{%.*?%\}", r"^```.*?^```$", r"`[^`]*`", r"\]\([^)]*\)", r"<[^>]*>"):
        text = re.sub(mark, " ", text, flags=re.DOTALL | re.MULTILINE)
    return text


def page_of(tree, page):
    """Return the text of one page."""
    return render(tree, pages=[page])[page]


@pytest.fixture
def copied(tmp_path):
    """Return a copy of the stored numbers, to change."""
    for part in ("docs/numbers", "docs/forecasts", "scenarios/audit"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return Tree(tmp_path)


def change(tree, step, name, row, **values):
    """Change some values of a stored table, in the rows that match."""
    table = tree.table(step, name)
    chosen = (table[list(row)] == list(row.values())).all(axis=1)
    assert chosen.any(), row
    for column, value in values.items():
        table.loc[chosen, column] = value
    table.to_csv(tree.folder(step) / f"{name}.csv", index=False)


def test_the_pages_are_current():
    assert stale(Tree(ROOT)) == [], "run: python -m docs.remake pages"


@pytest.mark.parametrize("template", sorted(path.name for path in TEMPLATES.glob("*.j2")))
def test_text_around_the_values_holds_no_figures_of_runs(template):
    found = {match[0].strip() for match in FIGURE.finditer(text_of(template))}
    assert found <= NOT_OF_RUNS[template], found - NOT_OF_RUNS[template]


def test_what_holds_by_default_on_the_page_of_the_model_comes_from_the_catalogue():
    text = (TEMPLATES / "MODEL.md.j2").read_text(encoding="utf-8")
    told = [
        part for part in re.split(r"(?<=[.:]) |\n\n", text) if re.search(r"by default", part, re.IGNORECASE)
    ]
    assert len(told) >= 4
    for part in told:
        assert re.search(r"code\.(value|default_is)\(", part), f"not {{{{ code.value(PATH) }}}}: {part}"
    page = page_of(Tree(ROOT), "docs/MODEL.md")
    assert "never attacked" not in page  # which holds at a guarantee of 1 only
    assert f"takes {catalogue()['war.guarantee'].default:g} of that chance" in page
    assert f"{catalogue()['rivals.course_hazard'].default:g} a month" in page


def test_every_template_is_of_a_page():
    assert {f"{page.rpartition('/')[2]}.j2" for page in PAGES} == {
        path.name for path in TEMPLATES.glob("*.j2")
    }


def test_the_page_and_the_figure_of_the_audit_round_a_share_alike(copied):
    change(copied, "audit", "audit", {"thesis": "kaznacheyev", "outcome": "elite_falls"}, share=1.125)
    assert "`regimes.dual_power_opening` (113%)" in page_of(copied, "docs/FINDINGS.md")


def test_the_command_that_makes_the_audit_again_makes_as_many_runs_as_it_has():
    about = json.loads((ROOT / "scenarios" / "audit" / "about.json").read_text(encoding="utf-8"))
    page = page_of(Tree(ROOT), "docs/explanation/assumed-or-emergent.md")
    assert f"\nsim claims --audit --runs {about['runs_a_scenario']} --out results/audit && " in page


def test_every_parameter_is_in_the_table_with_its_source():
    text = (ROOT / "docs" / "PARAMETERS.md").read_text(encoding="utf-8")
    shared = load(SHARED_WORLD)
    for path, spec in catalogue().items():
        name, prior = path.split(".")[1], re.escape(str(spec.prior))
        row = rf"\| `{name}` \| (fitted [^|]*by hand )?{prior} \|.*"
        line = next(line for line in text.splitlines() if re.fullmatch(row, line))
        assert f"| {shared.shared(path).tag if '; by hand ' in line else spec.tag} |" in line
        assert " ".join(spec.source.split()) in line


@pytest.mark.parametrize("path", ["regimes.corruption_unseen", "clashes.defeat"])
def test_a_rule_of_where_people_rise_names_a_publication(path):
    assert re.search(r"[A-Z][a-z]+ (19|20)\d\d\b: ", catalogue()[path].source)


def test_a_name_that_there_is_not_is_an_error(tmp_path):
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    (templates / "README.md.j2").write_text("{{ fit.nothing }}", encoding="utf-8")
    with pytest.raises(UndefinedError, match="nothing"):
        render(Tree(ROOT), templates, ["README.md"])


def test_sentences_on_support_follow_the_numbers(copied):
    table = copied.table("support", "support")
    table[["difference", "low", "high"]] = table[["difference", "low", "high"]].mask(table["low"] > 0, -0.1)
    table.to_csv(copied.folder("support") / "support.csv", index=False)
    assert "brings visibly more falls than none under no thesis**." in page_of(copied, "docs/FINDINGS.md")
    change(copied, "support", "support", {"thesis": "piontkovsky", "level": "own", "outcome": "street_falls"},
           difference=0.9, low=0.4, high=1.3)  # fmt: skip
    assert "**Only under Piontkovsky's thesis does support bring more falls" in page_of(
        copied, "docs/FINDINGS.md"
    )
    change(copied, "support", "support", {"thesis": "gorevoy", "level": "own", "outcome": "street_falls"},
           difference=0.9, low=0.4, high=1.3)  # fmt: skip
    pages = render(copied, pages=["README.md", "docs/FINDINGS.md"])
    assert "Only under" not in pages["docs/FINDINGS.md"]
    assert "more falls than none under the theses of Piontkovsky and Gorevoy" in pages["docs/FINDINGS.md"]
    assert "| **Gorevoy** | **+0.90 [0.40, 1.30]** |" in pages["docs/FINDINGS.md"]
    assert "brings more falls under the theses of Piontkovsky and Gorevoy" in pages["README.md"]


def test_the_answer_of_the_readme_follows_the_end_states(copied):
    assert "Kuzio and a newspaper, vacuum" in page_of(copied, "README.md")
    change(
        copied,
        "end_states",
        "end_states",
        {"scenario": "dubnov", "end_state": "space 2.0"},
        hits=80,
        share=0.8,
    )
    change(copied, "end_states", "expected", {"thesis": "kuzio"}, low=0.1)
    change(copied, "end_states", "end_states", {"scenario": "gorevoy", "end_state": "vacuum"}, hits=48,
           share=0.48)  # fmt: skip
    page = page_of(copied, "README.md")
    assert "space 2.0 (Dubnov 80 % †)" in page  # as `sim compare` marks it
    assert "status quo or vacuum, too few runs to tell which (Gorevoy 57 and 48 %)" in page
    assert "Kuzio and a newspaper, vacuum" not in page
    assert "The other four do not end so more often. † rests on assumed outcomes" in page
    table = copied.table("audit", "audit").assign(label="emergent")
    table.to_csv(copied.folder("audit") / "audit.csv", index=False)
    assert "†" not in page_of(copied, "README.md")


def test_shares_of_end_states_bear_the_daggers_of_a_comparison():
    tree = Tree(ROOT)
    marked = assumed_ends(tree)
    found = audit_marks([load(name) for name in ("baseline", "kuzio", "dubnov")], "baseline")
    shares = tree.table("end_states", "end_states").set_index(["scenario", "end_state"])["share"]
    assert ends.assumed_ends(shares, "baseline", found.assumed) == {
        key for key in marked if key[0] in ("kuzio", "dubnov")
    }
    assert ("kuzio", "vacuum") in marked
    page = page_of(tree, "docs/FINDINGS.md")
    row = by(tree.table("end_states", "expected"), "thesis")["kuzio"]
    share = f"{percent(row['share'])} % ({percent(row['low'])} to {percent(row['high'])})"
    assert f"**{share}** †" in page
    assert f"| {share} † |" in page
    assert ASSUMED_END_STATE_MEANS in page
    assert "exact 95 % interval (Clopper and Pearson), a little wider than that of Wilson" in page


def test_the_verdict_on_the_theses_follows_the_odds(copied):
    table = copied.table("odds", "odds")
    table["in_play"] = table["thesis"] != "dubnov"
    table.to_csv(copied.folder("odds") / "odds.csv", index=False)
    assert "rules out one thesis as encoded here. It cannot separate the other five" in page_of(
        copied, "README.md"
    )
    change(copied, "odds", "odds", {"thesis": "dubnov"}, in_play=True)
    pages = render(copied, pages=["README.md", "docs/HISTORY.md"])
    for page in ("README.md", "docs/HISTORY.md"):
        assert (
            "rules out no thesis as encoded here. It cannot separate the six from one another or from"
            in pages[page]
        )
    assert "none is ruled out" in pages["docs/HISTORY.md"]
    table = copied.table("odds", "odds")
    table["in_play"] = table["thesis"] == "kuzio"
    table.to_csv(copied.folder("odds") / "odds.csv", index=False)
    assert "the record speaks for Kuzio and a newspaper" in page_of(copied, "docs/HISTORY.md")


def test_a_finding_that_is_seen_and_an_unmarked_claim_that_is_not_are_told_apart(copied):
    table = copied.table("claims", "claims")
    judged = table["verdict"].isin({"as claimed", "no visible effect"})
    table.loc[judged, "verdict"] = "as claimed"
    hidden = {"D2", "V1", "G6", "G7", "M1", "M6", "M10", "P1"}
    table.loc[judged & table["claim"].isin(hidden), "verdict"] = "no visible effect"
    table.to_csv(copied.folder("claims") / "claims.csv", index=False)
    change(copied, "claims", "claims", {"claim": "D1"}, verdict="opposite")
    page = page_of(copied, "docs/FINDINGS.md")
    assert "Seen here and not on every seed, as the thesis's file says: D4 and P7." in page
    assert "Eight are **findings**, which the model does not show (D2, V1, G6, G7, M1, M6, M10, P1)" in page
    assert "**Opposite to what is claimed: D1.**" in page


def test_sentences_on_forecasts_follow_the_scores(copied):
    table = copied.table("backtest", "scores")
    table.loc[table["forecaster"] != "state rate", ["low", "high"]] = [-0.01, 0.01]
    table.loc[table["forecaster"] == "state rate", "score"] = 0.05
    table.to_csv(copied.folder("backtest") / "scores.csv", index=False)
    page = page_of(copied, "docs/HISTORY.md")
    assert "predicts events visibly better than the base rate of all states; each state's own" in page
    change(copied, "backtest", "scores", {"kind": "shared", "measure": "log", "forecaster": "kuzio"},
           score=0.01, low=-0.05, high=-0.01)  # fmt: skip
    page = page_of(copied, "docs/HISTORY.md")
    better = "Visibly better at predicting events than the base rate of all states: the thesis of Kuzio"
    assert f"{better} and a newspaper." in page
    assert "The best log score of all, from all draws, is that of Kuzio and a newspaper." in page
    assert "Above, from more draws, the best log score is that of Kuzio and a newspaper: the scores" in page
    assert "**0.0100 (-0.0500, -0.0100)**" in page


def test_the_fit_and_its_checks_are_told_by_their_numbers(copied):
    table = copied.table("fit", "parameters")
    table[["low", "high"]] = table[["prior_low", "prior_high"]]
    table.to_csv(copied.folder("fit") / "parameters.csv", index=False)
    checks = copied.table("fit", "checks").assign(outside=False)
    checks.to_csv(copied.folder("fit") / "checks.csv", index=False)
    assert "**No parameter leaves its prior clearly.**" in page_of(copied, "docs/HISTORY.md")
    change(copied, "fit", "parameters", {"parameter": "challenges.spark_scale"}, low=0.1, high=0.2)
    wars = {"pattern": "wars", "window": "2014-2024"}
    change(copied, "fit", "checks", wars, outside=True, record=5, low=0, high=2)
    page = page_of(copied, "docs/HISTORY.md")
    assert "lies outside the posterior's interval for `challenges.spark_scale`" in page
    assert "miss\nnone in 1992-2013 and" in page
    assert (
        "one in 2014-2024 (wars in the region but Ukraine: 5 on record, 0 to 2 in 90 % of histories)" in page
    )


def test_what_the_page_on_skill_says_in_words_holds_in_its_numbers():
    """Its sentences stand by themselves: where one of these fails, mend docs/templates/SKILL.md.j2."""
    tree = Tree(ROOT)
    miss = missed(tree)
    scores = tree.table("skill", "scores")
    rows = by(scores[scores["outcome"] == "challenge"], "coding", "states", "origin", "forecaster")
    civil = "C2 civil society, vote, past"
    for coding in ("published", "episodes", "events"):
        assert rows[coding, "all", "2000", civil]["log_low"] > 0, "C2 worse from the first origins"
    assert all(row["log_low"] <= 0 for key, row in rows.items() if key[0] == "crowds" and key[3] == civil)
    clear = {
        key[3]
        for key, row in rows.items()
        if key[:3] == ("episodes", "without both", "2014") and row["log_high"] < 0
    }
    assert not clear, "little skill is left without Armenia and the Baltics"
    for coding, states, origin, name in rows:
        if (coding, states, origin) == ("episodes", "all", "2014") and name != BASE:
            gains = [rows[each, states, origin, name]["log_difference"] for each in ("published", coding)]
            assert gains[0] < gains[1], "with the challenges of closed states everybody gains less"
    when = by(tree.table("skill", "when"), "coding", "origin", "forecaster")
    for name in WHEN:
        row = when["episodes", "all", name]
        assert row["within_low"] < 0.5 < row["within_high"] or "when" not in miss, "beyond chance"
    side = by(Stored(tree).side, "coding", "origin", "forecaster")
    for name in SIDES:
        row = side["episodes", "2014", name]
        assert row["log_low"] < 0 < row["log_high"] or "Moscow's side" not in miss, (
            "nor told from the base rate"
        )
    worlds = [name for name in (HAND_SET, SHARED_WORLD) if ("episodes", "2000", name) in side]
    assert side["episodes", "2000", worlds[0]]["log_high"] < 0, "better over all challenges since 2000"
    assert side["episodes", "2014", worlds[0]]["log_difference"] > 0, "and not on the late ones"
    sets = by(tree.table("skill", "side"), "coding", "states", "origin", "forecaster")
    without = sets["episodes", "without Armenia", "2000", worlds[0]]
    assert (worlds[0], without["log_high"] > 0) == (HAND_SET, True), "though not without Armenia"
    alignment = by(Stored(tree).alignment, "forecaster", "origin")
    if "alignment" in miss:
        assert alignment["persistence", "all"]["rmse"] > RMSE, "persistence misses it from these origins"
        assert alignment["persistence", "all"]["rmse"] > yearly_origins_rmse(), "restless years"
        for name, origin in alignment:
            least = alignment[name, "2014"]["rmse"]
            assert origin == "2014" or alignment[name, origin]["rmse"] < least, "from 2014 all err most"
        errors = [row["rmse"] for key, row in alignment.items() if key[1] == "2014"]
        assert max(errors) / min(errors) < 1.1, "nearly alike"


def test_the_shared_world_has_its_present_name_in_tables_that_were_stored_before(copied):
    table = copied.table("support", "support")
    assert set(table["thesis"]) >= {"null"} or SHARED_WORLD in set(table["thesis"])
    table["thesis"] = table["thesis"].replace(SHARED_WORLD, "null")
    table.to_csv(copied.folder("support") / "support.csv", index=False)
    page = page_of(copied, "docs/FINDINGS.md")
    assert "| shared world | " in page
    assert "null" not in page


def test_what_the_pages_say_of_the_first_years_holds_on_record():
    """The sheet has few challenges then; on crowds civil society and the past rank as later."""
    spans = ((FIRST, LATER - 1), (LATER, DEVELOPMENT))
    of = {
        (coding, name): [ranked(panel(coding), name, *span) for span in spans]
        for coding in ("episodes", "crowds")
        for name in ("civil_society", "past", "openness_gap")
    }
    sheet = panel("episodes")
    first, later = (int((sheet.loc[sheet["year"].between(*span), "challenge"] > 0).sum()) for span in spans)
    assert first < later / 2
    assert of["episodes", "civil_society"][0][0] < 0.5
    for name in ("civil_society", "past"):
        early, late = of["crowds", name]
        assert early[0] > 0.6
        assert late[1] < early[0] < late[2]
    for coding in ("episodes", "crowds"):
        assert all(found[0] > 0.6 for found in of[coding, "openness_gap"])
    rows = Tree(ROOT).table("skill", "ablation").set_index(["variant", "coding"])
    for coding in ("episodes", "crowds"):
        assert rows.loc[(WHOLE, coding), "auc"] < rows.loc[(WHOLE, coding), "later_auc"]


def test_the_years_of_which_a_thesis_speaks_are_those_from_its_starts():
    """Dubnov speaks of four of 33 years, and Kuzio of three, but for one claim that holds in all."""
    held = spoken_of(Month.of(1992, 1), Month.of(2024, 12))
    assert "baseline" not in held
    assert max(held["dubnov"]) == pytest.approx(51 / 12)  # from October 2020
    assert statistics.median(held["dubnov"]) == pytest.approx(49 / 12)
    assert max(held["kuzio"]) == 33
    assert statistics.median(held["kuzio"]) == pytest.approx(34 / 12)
    before = spoken_of(Month.of(1992, 1), Month.of(2013, 12))
    assert max(before["dubnov"]) == 0
    assert "| Dubnov |" in spoken("1992-2024")


def test_beside_the_best_log_score_stand_placebo_and_power(copied):
    text = page_of(copied, "docs/HISTORY.md")
    told = text[text.index("best log score of all") :].partition("## What each article saw coming")[0]
    for words in (
        "placebos were scored in the same way",
        "wrote the history",
        "calibrate placebo --of backtest",
    ):
        assert words in told, words


def test_pages_and_reports_count_the_same_parameters_as_assumed():
    share = re.search(r"(\d+)% of the parameters", " ".join(why for _, why in limits()))
    assert share is not None
    for page in ("README.md", "docs/LIMITS.md"):
        told = re.search(r"(\d+) % of the parameters", (ROOT / page).read_text(encoding="utf-8"))
        assert told is not None, page
        assert told[1] == share[1], page


def test_the_readme_is_short_and_names_the_extras_of_what_it_shows():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.split()) < 700
    start = text.partition("## ")[0]
    assert "`pip install '.[report,explore]'` adds `sim report`, Excel tables and `sim explore`" in start
