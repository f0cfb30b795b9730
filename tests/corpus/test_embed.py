"""The embedding model and the kept vectors: damage is said in one sentence and mended."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fakes import FakeEmbedder

from corpus import e5
from corpus.embed import KeptEmbedder, SentenceModel, open_embedder
from corpus.errors import CorpusError, ModelMissing

TEXTS = [f"第{n}条规定" for n in range(300)]


class Builds:
    """Stands for the building of the model, which takes half a minute: writes two small files, and counts."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, folder: Path) -> None:
        self.times += 1
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "1_Pooling").mkdir(parents=True)
        (folder / "model.safetensors").write_bytes(b"weights" * 100)
        (folder / "1_Pooling" / "config.json").write_text("{}", encoding="utf-8")
        e5.list_files(folder)


def not_a_database(file: Path) -> None:
    file.write_bytes(b"not a database" * 1000)


def torn(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: 4096 * 3])


@pytest.mark.parametrize("damage", [not_a_database, torn, cut_short])
def test_kept_vectors_that_are_damaged_are_set_aside_and_made_anew(tmp_path: Path, damage: object) -> None:
    file, said = tmp_path / "embeddings.sqlite", []
    made = KeptEmbedder(FakeEmbedder(), file).embed_passages(TEXTS)
    assert callable(damage)
    damage(file)
    fake = FakeEmbedder()
    kept = KeptEmbedder(fake, file, tell=said.append)
    assert kept.embed_passages(TEXTS).tolist() == made.tolist()
    assert len(fake.asked) >= len(TEXTS)
    assert len(said) == 1
    assert "embeddings.sqlite.damaged" in said[0]
    assert (tmp_path / "embeddings.sqlite.damaged").is_file()
    fake.asked.clear()
    assert kept.embed_passages(TEXTS).tolist() == made.tolist()
    assert not fake.asked
    assert len(said) == 1


def test_kept_vectors_that_cannot_be_written_are_one_sentence_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="ADVISOR_HOME") as caught:
        KeptEmbedder(FakeEmbedder(), tmp_path).embed_passages(TEXTS)
    assert str(tmp_path) in str(caught.value)


def open_built(home: Path, build: object, said: list[str]) -> KeptEmbedder:
    assert callable(build)
    return open_embedder("", models=home / "models", cache=home / "kept.sqlite", tell=said.append, build=build)


@pytest.mark.parametrize("what", ["cut", "overwritten", "missing", "list"])
def test_a_damaged_built_in_model_is_built_again_once_and_said(tmp_path: Path, what: str) -> None:
    builds, said = Builds(), []
    for _ in range(2):
        open_built(tmp_path, builds, said)
    assert builds.times == 1
    assert len(said) == 1
    assert said[0].startswith("首次使用")
    weights = tmp_path / "models" / e5.FOLDER_NAME / "model.safetensors"
    if what == "missing":
        weights.unlink()
    elif what == "list":
        (weights.parent / e5.LIST_FILE).write_text("[", encoding="utf-8")
    else:
        weights.write_bytes(b"weights" * 50 if what == "cut" else b"weightz" * 100)
    for _ in range(2):
        open_built(tmp_path, builds, said)
    assert builds.times == 2
    assert len(said) == 2
    assert "损坏" in said[1]


@pytest.mark.parametrize("fault", [Exception("I/O error:\nNo space left on device (os error 28)"), OSError(28, "full")])
def test_a_model_that_cannot_be_built_is_one_sentence(tmp_path: Path, fault: Exception) -> None:
    def fails(_folder: Path) -> None:
        raise fault

    with pytest.raises(ModelMissing, match="只用字词检索") as caught:
        open_built(tmp_path, fails, [])
    assert "\n" not in str(caught.value)
    assert "ADVISOR_EMBEDDING_MODEL" not in str(caught.value)


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("built_in", [True, False])
def test_a_torn_model_is_one_sentence_that_blames_the_setting_only_where_it_is_set(
    model_folder: Path, tmp_path: Path, file: str, *, built_in: bool
) -> None:
    for path in model_folder.iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / file).unlink()
    with (model_folder / file).open("rb") as whole:
        (tmp_path / file).write_bytes(whole.read(100_000))
    (tmp_path / e5.LIST_FILE).unlink(missing_ok=True)
    if built_in:
        (tmp_path / e5.LIST_FILE).write_text("{}", encoding="utf-8")
    with pytest.raises(ModelMissing) as caught:
        SentenceModel(str(tmp_path)).embed_questions(["绿证"])
    assert "\n" not in str(caught.value)
    assert ("ADVISOR_EMBEDDING_MODEL" in str(caught.value)) is not built_in
