"""The server of ``sim explore`` as others reach it: other sites and names, and whatever a page may send."""

from __future__ import annotations

import http.client
import json
from contextlib import ExitStack

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from sim.explore.server import MOST_PAGES
from tests.explored import PATIENCE, answered, eventually, serving, talking

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Serve the page of a folder; return its port, and where the server keeps what it makes."""
    with serving(tmp_path_factory.mktemp("explore"), "A title") as found:
        yield found


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None])
def test_foreign_origins_are_refused(served, origin):
    with (
        pytest.raises(InvalidStatus, match="403"),
        connect(f"ws://127.0.0.1:{served[0]}/live", origin=origin, proxy=None),
    ):
        pass


def test_too_many_pages_are_refused_and_the_others_stay(served):
    port, kept = served
    with ExitStack() as stack:
        with pytest.raises(InvalidStatus, match="403"):
            for _ in range(MOST_PAGES + 1):
                stack.enter_context(talking(port))
        assert len(list(kept.glob("sim-explore-*"))) <= MOST_PAGES
    eventually(lambda: len(list(kept.glob("sim-explore-*"))) <= 1)
    with talking(port) as live:
        assert "dubnov" in answered(live, "numbers", ask="numbers", scenarios=["baseline", "dubnov"])


def fetched(port, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers
    finally:
        connection.close()


def test_other_names_of_this_machine_are_refused(served):
    assert fetched(served[0], "/", Host=f"evil.example:{served[0]}")[0] == 403
    assert fetched(served[0], "/", Origin="http://evil.example")[0] == 403
    status, _, headers = fetched(served[0], "/")
    assert status == 200
    assert headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "path", ["/../secret.yaml", "/%2e%2e/secret.yaml", "/hostile.yaml", "//etc/passwd", "/charts.js/../../x"]
)
def test_no_file_can_be_fetched(served, path):
    assert fetched(served[0], path)[0] == 404


@pytest.mark.parametrize(
    "message",
    [
        {"ask": "run", "scenarios": ["../secret.yaml"]},
        {"ask": "save", "scenarios": ["baseline"], "more": {"baseline": "thesis=../secret.yaml"}},
        {"ask": "save", "scenarios": ["baseline"], "changes": {"baseline": {"extends": "../secret.yaml"}}},
        {"ask": "numbers", "scenarios": ["/etc/passwd"]},
        {"ask": "report"},
        {"ask": "why", "state": "KGZ"},
        {"ask": "play", "scenarios": ["baseline"], "key": "../secret.yaml"},
        {"ask": "play", "scenarios": ["baseline"], "key": "baseline", "replicate": "many"},
        {"ask": "open"},
        {"ask": ["run"]},
        [],
    ],
)  # fmt: skip
def test_whatever_a_page_sends_is_answered(served, message):
    with talking(served[0]) as live:
        live.send(json.dumps(message))
        answer = json.loads(live.recv(timeout=PATIENCE))
        assert list(answer) == ["error"]
        assert "secret\n" not in answer["error"]
        live.send("not JSON")
        assert list(json.loads(live.recv(timeout=PATIENCE))) == ["error"]
        assert "dubnov" in answered(live, "numbers", ask="numbers", scenarios=["baseline", "dubnov"])
