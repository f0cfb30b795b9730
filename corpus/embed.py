"""The one door to sentence-transformers: texts -> unit vectors, each text embedded once and kept."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
import sqlite3
import threading
import warnings
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np

from corpus import e5
from corpus.errors import CorpusError, ModelMissing
from corpus.lock import alone

if TYPE_CHECKING:
    from numpy.typing import NDArray

Progress = Callable[[int, int], None]
"""Called with (done, total)."""
Tell = Callable[[str], None]
"""Called with a sentence for the user."""

_BATCH_CHARACTERS = 2048
_BATCH_TEXTS = 16
_UNTIL_THEN = "在此之前只用字词检索。"
_KEEP_FLOAT = re.compile(r"pooler|(?<!attention\.)output\.dense")


class Embedder(Protocol):
    """Turns texts into unit vectors of one length. A fake with these members serves in tests."""

    @property
    def name(self) -> str:
        """Identifies model, weights and precision: vectors of different names never mix."""
        ...

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return the vectors of statements, shape (len(texts), width)."""
        ...

    def embed_questions(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return the vectors of questions, shape (len(texts), width)."""
        ...


class SentenceModel:
    """A sentence-transformers model on the processor, in bfloat16 where the processor computes it.

    Args:
        folder: a model folder on this machine, or a name that sentence-transformers finds in its cache.
        threads: how many threads the model may use; all cores by default.
        precision: bf16, int8 or fp32; by default the quickest arithmetic that this processor has.
    """

    def __init__(self, folder: str, *, threads: int | None = None, precision: str = "") -> None:
        self.folder = folder
        self._precision = precision
        self.threads = threads or os.cpu_count() or 1
        self._loading = threading.Lock()
        self.tokenizing = threading.Lock()
        """Held while texts are cut: the tokenizer keeps how the last ones were cut short."""

    @property
    def name(self) -> str:
        """Model and precision."""
        return f"{Path(self.folder).name}/{self.precision}"

    @cached_property
    def precision(self) -> str:
        """The arithmetic: bf16 (AMX), int8 (VNNI) or fp32."""
        if self._precision:
            return self._precision
        flags = _processor_flags()
        if "amx_bf16" in flags:
            return "bf16"
        return "int8" if flags & {"avx512_vnni", "avx_vnni"} else "fp32"

    @property
    def _model(self) -> Any:
        with self._loading:  # two questions at once load it once
            return self._loaded

    @cached_property
    def _loaded(self) -> Any:
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # waiting threads give way: others work on the machine too
        import torch
        import transformers
        from sentence_transformers import SentenceTransformer

        transformers.utils.logging.set_verbosity_error()  # pyright: ignore
        # it warns of the float16 that `_widen` undoes
        logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
        transformers.utils.logging.disable_progress_bar()  # pyright: ignore
        torch.set_num_threads(self.threads)
        dtype = torch.bfloat16 if self.precision == "bf16" else "auto"
        try:
            model = SentenceTransformer(self.folder, device="cpu", local_files_only=True, model_kwargs={"dtype": dtype})
        except Exception as error:  # a torn file makes each library below raise its own
            built_in = (Path(self.folder) / e5.LIST_FILE).is_file()
            remedy = f"请删去这个文件夹，会重新生成。{_UNTIL_THEN}" if built_in else "请检查 ADVISOR_EMBEDDING_MODEL。"
            raise ModelMissing(f"向量模型 {self.folder!r} 打不开（{_line(error)}）。{remedy}") from error
        if dtype == "auto":
            _widen(cast(Any, model)[0].auto_model)
        if self.precision == "int8":
            compute_in_int8(cast(Any, model)[0].auto_model)
        return model

    @property
    def transformer(self) -> Any:
        """The network inside, for what stands on its word embeddings."""
        return self._model[0].auto_model

    @property
    def tokenizer(self) -> Any:
        """What cuts texts into the model's tokens."""
        return self._model.tokenizer

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return the vectors of statements, shape (len(texts), width), in batches of like length."""
        return self._embed(self._prompted("document", texts), progress)

    def embed_questions(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return the vectors of questions, shape (len(texts), width)."""
        return self._embed(self._prompted("query", texts), progress)

    def _prompted(self, kind: str, texts: Sequence[str]) -> list[str]:
        prompts = cast("dict[str, str]", self._model.prompts or {})
        prompt = prompts.get(kind, "")
        return [prompt + text for text in texts]

    def _embed(self, texts: Sequence[str], progress: Progress | None) -> NDArray[np.float32]:
        import torch

        model = self._model
        width = int(model.get_embedding_dimension())
        vectors = np.zeros((len(texts), width), np.float32)
        done = 0
        with torch.inference_mode():
            for batch in _batches(texts):
                with self.tokenizing:
                    made = model.encode(
                        [texts[i] for i in batch],
                        batch_size=len(batch),
                        convert_to_tensor=True,
                        normalize_embeddings=True,
                        show_progress_bar=False,
                    )
                vectors[batch] = made.float().numpy()
                done += len(batch)
                if progress is not None:
                    progress(done, len(texts))
        return vectors


def _batches(texts: Sequence[str]) -> list[list[int]]:
    """Return positions grouped by like length, so that little of a batch is padding."""
    batches: list[list[int]] = []
    batch: list[int] = []
    for i in sorted(range(len(texts)), key=lambda i: -len(texts[i])):
        longest = len(texts[batch[0]]) if batch else len(texts[i])
        if batch and ((len(batch) + 1) * longest > _BATCH_CHARACTERS or len(batch) == _BATCH_TEXTS):
            batches.append(batch)
            batch = []
        batch.append(i)
    return [*batches, batch] if batch else batches


def _widen(transformer: Any) -> None:
    """Compute in float32 whatever the weights are kept in; the large table of words is widened row by row when read."""
    import torch

    words = transformer.get_input_embeddings()
    for module in transformer.modules():
        if module is not words:
            for parameter in module.parameters(recurse=False):
                parameter.data = parameter.data.float()
    if words.weight.dtype != torch.float32:
        words.register_forward_hook(_as_float32)


def _as_float32(_module: Any, _ids: Any, rows: Any) -> Any:
    return rows.float()


def _processor_flags() -> frozenset[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="ignore").splitlines()
    except OSError:
        return frozenset()
    flags = next((line.split(":")[1] for line in lines if line.startswith("flags")), "")
    return frozenset(flags.split())


def compute_in_int8(transformer: Any, *, every: bool = False) -> None:
    """Quantize the linear layers in place, all but the second of each feed-forward block unless `every`.

    That one's inputs have outliers: with it in int8 the cosine to float32 is 0.978, without it 0.997.
    """
    import torch

    quantization = cast(Any, torch.ao.quantization)
    layers = {
        name: quantization.default_dynamic_qconfig
        for name, module in transformer.named_modules()
        if isinstance(module, torch.nn.Linear) and (every or not _KEEP_FLOAT.search(name))
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch announces the move of this function to another package
        quantization.quantize_dynamic(transformer, layers, dtype=torch.qint8, inplace=True)


def compute_as(network: Any, precision: str, *, part: Any = None) -> Any:
    """Return a network that stands beside an embedding model, computing as that does; in int8 all linear layers.

    Args:
        network: in float32; it is changed in place.
        precision: that of the embedding model.
        part: what of it computes in int8; all of it by default.
    """
    import torch

    if precision == "int8":
        compute_in_int8(network if part is None else part, every=True)
    elif precision == "bf16":
        network.to(torch.bfloat16)
    return network


class KeptEmbedder:
    """An embedder that keeps every vector in one SQLite file, by content, and embeds nothing twice."""

    def __init__(self, embedder: Embedder, file: Path, *, tell: Tell | None = None) -> None:
        self.embedder = embedder
        self.file = file
        self._tell = tell

    @property
    def name(self) -> str:
        """The name of the embedder behind."""
        return self.embedder.name

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return the vectors of statements, shape (len(texts), width)."""
        return self._embed("p", texts, self.embedder.embed_passages, progress)

    def embed_questions(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return the vectors of questions, shape (len(texts), width)."""
        return self._embed("q", texts, self.embedder.embed_questions, progress)

    def _embed(
        self,
        kind: str,
        texts: Sequence[str],
        embed: Callable[..., NDArray[np.float32]],
        progress: Progress | None,
    ) -> NDArray[np.float32]:
        try:
            return self._embed_new(kind, texts, embed, progress)
        except sqlite3.OperationalError as error:
            raise CorpusError(
                f"向量缓存 {str(self.file)!r} 读写不了（{error}）。请检查磁盘空间和写权限，"
                "或用 ADVISOR_HOME 另指文件夹。"
            ) from error
        except sqlite3.DatabaseError:  # not a database, or a torn one
            self._set_aside()
            return self._embed(kind, texts, embed, progress)

    def _set_aside(self) -> None:
        aside = self.file.with_name(f"{self.file.name}.damaged")
        self.file.replace(aside)
        self.file.with_name(f"{self.file.name}-journal").unlink(missing_ok=True)
        if self._tell is not None:
            self._tell(f"向量缓存 {self.file.name} 已损坏，改名为 {aside.name}，重新开始。")

    def _embed_new(
        self,
        kind: str,
        texts: Sequence[str],
        embed: Callable[..., NDArray[np.float32]],
        progress: Progress | None,
    ) -> NDArray[np.float32]:
        keys = [hashlib.sha256(f"{self.name}\n{kind}\n{text}".encode()).digest()[:16] for text in texts]
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(self.file, timeout=60)) as base:
            base.execute("CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
            known = _known(base, keys)
            wanted = list(dict.fromkeys(k for k in keys if k not in known))
            text_of = dict(zip(keys, texts, strict=True))
            step = 512
            for start in range(0, len(wanted), step):
                part = wanted[start : start + step]

                def report(done: int, _total: int, start: int = start) -> None:
                    if progress is not None:
                        progress(len(texts) - len(wanted) + start + done, len(texts))

                made = embed([text_of[k] for k in part], report)
                rows = {k: vector.astype(np.float32) for k, vector in zip(part, made, strict=True)}
                with base:
                    base.executemany(
                        "INSERT OR REPLACE INTO vector VALUES (?, ?)", [(k, v.tobytes()) for k, v in rows.items()]
                    )
                known.update(rows)
        return np.stack([known[k] for k in keys]) if keys else np.zeros((0, 0), np.float32)


def _known(base: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
    found: dict[bytes, NDArray[np.float32]] = {}
    unique = list(dict.fromkeys(keys))
    for start in range(0, len(unique), 500):
        part = unique[start : start + 500]
        marks = ",".join("?" * len(part))
        rows = base.execute(f"SELECT key, value FROM vector WHERE key IN ({marks})", part)  # noqa: S608 # only marks
        found.update({key: np.frombuffer(value, np.float32) for key, value in rows})
    return found


def open_embedder(
    model: str,
    *,
    models: Path,
    cache: Path,
    threads: int | None = None,
    tell: Tell | None = None,
    build: Callable[[Path], None] = e5.build_model,
) -> KeptEmbedder:
    """Return the embedder that the settings name.

    Args:
        model: empty for the built-in multilingual-e5-small (built from the wheel at first use), else a folder or name.
        models: where built models are kept.
        cache: the SQLite file of kept vectors.
        threads: threads the model may use.
        tell: hears what is built, and what was damaged.
        build: writes the built-in model into a folder.

    Raises:
        ModelMissing: when the model cannot be had here.
    """
    folder = model or str(_built(models, tell, build))
    return KeptEmbedder(SentenceModel(folder, threads=threads), cache, tell=tell)


def _built(models: Path, tell: Tell | None, build: Callable[[Path], None]) -> Path:
    """Return the folder of the built-in model, built where it is missing, and again where it is damaged."""
    folder = models / e5.FOLDER_NAME
    if e5.is_whole(folder):
        return folder
    try:
        with alone(models / "LOCK"):
            if not e5.is_whole(folder):  # another one may have built it in the meantime
                if tell is not None:
                    found = "内置向量模型不完整或已损坏" if folder.exists() else "首次使用"
                    tell(f"{found}：正在生成向量模型（约半分钟）……")
                build(folder)
    except ModelMissing:
        raise
    except Exception as error:  # a full disk makes each library below raise its own
        raise ModelMissing(f"内置向量模型没有建成（{_line(error)}）。{_UNTIL_THEN}") from error
    return folder


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
