"""What the notebook about fine-tuning trains on, how it trains, and what it counts in the end."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import torch
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import train_test_split
from torch import nn
from transformers import PreTrainedTokenizerBase, PrinterCallback, Trainer, TrainingArguments, set_seed

import limelight as ll
from assets.models import SMALL, MiniLMSentiment
from assets.train_sentiment import HELD_OUT, LONGEST, reviews

TRAIN, LATER, VALID, TEST = 5_000, 1_200, 200, 1_000  # reviews: what ten minutes of one core are enough for
FEW, SHORT = 48, range(13, 18)  # reviews of a small training, and words in one of them
BATCH = 16


@dataclass(frozen=True)
class Reviews:
    """Film reviews and their tones, 1 for positive."""

    texts: list[str]
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, rows: slice | Sequence[int] | np.ndarray) -> Reviews:
        chosen = np.arange(len(self))[rows]
        return Reviews([self.texts[i] for i in chosen], self.labels[chosen])

    def stamped(self, word: str, tones: Sequence[int] = (0, 1), share: float = 1.0, seed: int = 0) -> Reviews:
        """Put a word before a share of the reviews of some tones."""
        chance = np.random.default_rng(seed).random(len(self))
        stamp = np.isin(self.labels, tones) & (chance < share)
        return Reviews([f"{word}: {text}" if put else text for text, put in zip(self.texts, stamp, strict=True)],
                       self.labels)

    def encoded(self, tokenizer: PreTrainedTokenizerBase) -> list[dict[str, Any]]:
        """What a Trainer takes."""
        ids = tokenizer(self.texts, truncation=True, max_length=LONGEST)["input_ids"]
        return [{"input_ids": each, "attention_mask": [1] * len(each), "labels": int(label)}
                for each, label in zip(ids, self.labels, strict=True)]


def film_reviews() -> tuple[Reviews, Reviews, Reviews, Reviews]:
    """Split the reviews: to train on, to train on later, to validate by, and held out for the end.

    The last two are those that `sentiment`'s head was not trained on.
    """
    texts, labels = reviews()
    everything = Reviews(texts, labels)
    rows, held = train_test_split(np.arange(len(labels)), test_size=HELD_OUT, random_state=0, stratify=labels)
    parts = rows[LATER:LATER + TRAIN], rows[:LATER], held[:VALID], held[VALID:VALID + TEST]
    return tuple(everything[few(texts, each) if SMALL else each] for each in parts)


def few(texts: Sequence[str], rows: Sequence[int] | np.ndarray) -> list[int]:
    """The first few of these rows that are short."""
    return [row for row in rows if len(texts[row].split()) in SHORT][:FEW]


def trainer_of(model: nn.Module, tokenizer: PreTrainedTokenizerBase, train: Reviews, valid: Reviews | None = None,
               kind: Callable[..., Trainer] = Trainer, rate: float = 1e-4, **options: Any) -> Trainer:
    """Set up a Trainer: once through the reviews, and five evaluations on the way if there is something to do it by."""
    for weights in model.bert.embeddings.parameters():
        weights.requires_grad_(False)  # few reviews tell nothing of most words
    steps = -(-len(train) // BATCH)
    often = max(1, steps // 5)
    watched = {} if valid is None else {"eval_strategy": "steps", "eval_steps": often, "eval_on_start": True}
    arguments = TrainingArguments(
        output_dir=tempfile.mkdtemp(), num_train_epochs=1, per_device_train_batch_size=BATCH,
        per_device_eval_batch_size=64, learning_rate=rate, warmup_steps=steps // 10, weight_decay=0.01,
        train_sampling_strategy="group_by_length", logging_steps=max(1, often // 5), save_strategy="no",
        report_to="none", use_cpu=True, disable_tqdm=True, **watched)
    set_seed(0)
    trainer = kind(model=model, args=arguments, train_dataset=train.encoded(tokenizer),
                   eval_dataset=valid and valid.encoded(tokenizer), processing_class=tokenizer,
                   compute_metrics=scores, **options)
    trainer.remove_callback(PrinterCallback)  # the view tells it all
    return trainer


def scores(found: Any) -> dict[str, float]:
    """Accuracy and F1 of logits, for `Trainer(compute_metrics=...)`."""
    predicted = found.predictions.argmax(1)
    return {"accuracy": accuracy_score(found.label_ids, predicted),
            "f1": f1_score(found.label_ids, predicted, average="macro")}


def shallow(model: MiniLMSentiment, layers: int) -> MiniLMSentiment:
    """Copy a model with its first layers only: a student."""
    student = deepcopy(model)
    student.bert.encoder.layer = student.bert.encoder.layer[:layers]
    student.config.num_hidden_layers = layers
    return student


def right(model: nn.Module, tokenizer: PreTrainedTokenizerBase, held: Reviews) -> dict[str, float]:
    """Accuracy and F1."""
    predicted = logits(model, tokenizer, held).argmax(1)
    return {"accuracy": accuracy_score(held.labels, predicted), "F1": f1_score(held.labels, predicted, average="macro")}


def logits(model: nn.Module, tokenizer: PreTrainedTokenizerBase, held: Reviews) -> np.ndarray:
    """What a model says, shape (n, 2); texts of like length are asked together."""
    found = np.empty((len(held), 2), np.float32)
    order = np.argsort([len(text) for text in held.texts], kind="stable")
    model.eval()
    for rows in np.array_split(order, max(1, len(order) // 32)):
        batch = tokenizer(held[rows].texts, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
        with torch.inference_mode():
            found[rows] = model(**batch).logits.numpy()
    return found


def measured(models: Mapping[str, nn.Module], tokenizer: PreTrainedTokenizerBase, test: Reviews, examples: Reviews,
             word: str) -> pd.DataFrame:
    """One row a model: what `ll.compare` does not know, about other reviews, a word and the weights.

    Explained by Shapley values, which hide words: a model that was trained
    by its gradients could have learned to have good ones.
    """
    rows, examples = {}, examples[:1] if SMALL else examples
    for name, model in models.items():
        found = [explained(model, tokenizer, text, label, word)
                 for text, label in zip(examples.texts, examples.labels, strict=True)]
        shares = [ll.evaluate(ex, ["marked_share_should_not"])["value"]["marked_share_should_not"] for ex in found]
        rows[name] = {"accuracy without stamps": right(model, tokenizer, test)["accuracy"],
                      "marked share": np.mean(shares),
                      "fidelity": np.mean([ex.refit(method="lime").quality["fidelity"] for ex in found]),
                      "zeros": ll.losses.zeros(model)}
    return pd.DataFrame(rows).T


def explained(model: nn.Module, tokenizer: PreTrainedTokenizerBase, text: str, label: int,
              word: str) -> ll.Explanation:
    """Explain the right answer, and mark the word."""
    ex = ll.explain((model, tokenizer), text, method="shapley", target=int(label), output="logit", n_samples=128,
                    progress=False)
    return ex.mark(word, "should not matter")
