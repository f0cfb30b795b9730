"""What all tests share: no network but this machine's own, the real library and one lexical index of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts

from assistant.advisor import Advisor
from assistant.understand import domain_words
from corpus.index import Index, build_index
from corpus.library import Library, read_library
from corpus.words import Words
from ui.settings import Settings
from ui.start import built_in_model


def pytest_runtest_setup() -> None:
    socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def library() -> Library:
    return read_library()


@pytest.fixture(scope="session")
def words() -> Words:
    return Words(domain_words())


@pytest.fixture(scope="session")
def lexical_index(library: Library, words: Words, tmp_path_factory: pytest.TempPathFactory) -> Index:
    return build_index(tmp_path_factory.mktemp("lexical"), library, None, words)


@pytest.fixture(scope="session")
def model_folder() -> Path:
    """The built-in embedding model, which `make test` builds first."""
    folder = built_in_model(Settings())
    if not (folder / "modules.json").is_file():
        pytest.skip("内置向量模型没有建成：先运行 make prepare")
    return folder


@pytest.fixture(scope="session")
def advisor(lexical_index: Index) -> Advisor:
    return Advisor(lexical_index)
