"""Small models that are trained, and batches for them."""

import torch
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast, Trainer, TrainingArguments

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "good", "bad", "film", "dull", "##ness", "mumble", "."]
SIZES = {"vocab_size": len(WORDS), "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
         "intermediate_size": 32, "max_position_embeddings": 16}


class Bound(torch.nn.Module):
    """Two layers whose weights are given, so that a loss is a function of them."""

    def __init__(self, first, second, detach=False):
        super().__init__()
        self.weights, self.detach = (first, second), detach

    def forward(self, rows):
        rows = rows.detach() if self.detach else rows
        return torch.tanh(rows @ self.weights[0].T) @ self.weights[1].T


def bert(seed=0, **sizes):
    """A Bert of one layer, with dropout."""
    torch.manual_seed(seed)
    return BertForSequenceClassification(BertConfig(**{**SIZES, **sizes})).eval()


def tokenizer():
    """A word piece tokenizer of these words."""
    return BertTokenizerFast(vocab={word: i for i, word in enumerate(WORDS)})


def reviews():
    """Two short reviews, one of them padded."""
    return {"input_ids": torch.tensor([[2, 5, 6, 8, 12, 3], [2, 7, 8, 3, 0, 0]]),
            "attention_mask": torch.tensor([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0]]),
            "labels": torch.tensor([1, 0])}


class Reviews(torch.utils.data.Dataset):
    """Both of them, four times."""

    def __len__(self):
        return 8

    def __getitem__(self, i):
        return {name: tensor[i % 2] for name, tensor in reviews().items()}


def trainer_of(folder, **options):
    """A Trainer of a few steps, which evaluates every third one."""
    arguments = TrainingArguments(**{
        "output_dir": str(folder), "max_steps": 6, "per_device_train_batch_size": 4, "logging_steps": 2,
        "eval_strategy": "steps", "eval_steps": 3, "save_steps": 3, "report_to": "none", "use_cpu": True,
        "disable_tqdm": True, "dataloader_pin_memory": False, "logging_strategy": "steps", **options})
    return Trainer(bert(), arguments, train_dataset=Reviews(), eval_dataset=Reviews(), processing_class=tokenizer(),
                   compute_metrics=lambda found: {"accuracy": float((found[0].argmax(1) == found[1]).mean())})
