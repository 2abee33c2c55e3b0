"""Every parser of strangers' bytes: random bytes, real ones with damage, and what fuzzing found worth keeping."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.damage import damage
from tests.fuzz.targets import CORPUS, TARGETS, corpus

COSTLY = {"peer": 10}  # examples: each is a DTLS handshake begun


@pytest.mark.parametrize("name", TARGETS)
def test_random_bytes(name: str) -> None:
    @settings(max_examples=COSTLY.get(name, 100))
    @given(st.binary(max_size=300))
    def check(data: bytes) -> None:
        TARGETS[name](data)

    check()


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_real_bytes(name: str) -> None:
    rng = random.Random(20190912)
    for original in TARGETS[name].seeds():
        for _ in range(COSTLY.get(name, 60 if len(original) < 2000 else 40)):
            TARGETS[name](damage(original, rng))


@pytest.mark.parametrize("name", TARGETS)
def test_what_fuzzing_kept(name: str) -> None:
    inputs = corpus(name)
    assert inputs
    for data in inputs:
        TARGETS[name](data)


def test_no_corpus_is_forgotten() -> None:
    assert {path.stem for path in CORPUS.iterdir()} == set(TARGETS)
