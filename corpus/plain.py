"""What one would write first, to measure against: the model in float32, texts in batches of 32, one collection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

_BATCH = 32


def plain_encoder(model: Path) -> Callable[[Sequence[str]], list[list[float]]]:
    """Return the function that embeds statements with the model in `model`, in float32, as the library would."""
    import torch
    from sentence_transformers import SentenceTransformer

    encoder = cast(Any, SentenceTransformer)(
        str(model), device="cpu", local_files_only=True, model_kwargs={"dtype": torch.float32}
    )
    prompts = cast("dict[str, str]", encoder.prompts or {})
    prompt = prompts.get("document", "")

    def encode(texts: Sequence[str]) -> list[list[float]]:
        made = encoder.encode(
            [prompt + t for t in texts], batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return cast("list[list[float]]", made.tolist())

    return encode


def plain_store(folder: Path) -> Callable[[Sequence[str], Sequence[Sequence[float]]], None]:
    """Return the function that writes texts and their vectors into a new Chroma collection in `folder`."""
    from chromadb import PersistentClient
    from chromadb.config import Settings

    client = PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
    collection = cast(Any, client).create_collection("plain", embedding_function=None)

    def add(texts: Sequence[str], vectors: Sequence[Sequence[float]]) -> None:
        collection.add(ids=[str(i) for i in range(len(texts))], embeddings=list(vectors), documents=list(texts))

    return add
