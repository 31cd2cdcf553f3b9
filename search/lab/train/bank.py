"""What is said of the pictures, as token ids: written anew all the time by processes of their own.

A round is two captions for every item (`captions.Writer.write`). The newest rounds lie on the device, and a step reads
there, so a step never waits for Python.
"""

from __future__ import annotations

import multiprocessing as mp
import queue
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from search.lab.train.captions import ATTRIBUTES, Caption, Item, Writer
from search.lab.train.tokenizer import encode

DROPOUT = 0.08
NONE = -1  # in a claim: nothing is said of this attribute
TITLED = len(ATTRIBUTES)  # the claim's last column: 1 where the text is the title


def claims(captions: Sequence[Caption]) -> np.ndarray:
    """(n, 9) int16: by attribute the index of the name that is used, or NONE; at last whether it is the title."""
    rows = [[caption.claim.get(name, NONE) for name in ATTRIBUTES] + [int(caption.titled)] for caption in captions]
    return np.array(rows, dtype=np.int16)


def write_round(
    items: Sequence[Item], writer: Writer, tokenizer: Tokenizer, context: int, seed: str
) -> tuple[np.ndarray, np.ndarray]:
    """ids (items, 2, context) int16 and claims (items, 2, 9) int16 of two captions for each item. The same by seed."""
    rng = Random(seed)
    pairs = [writer.write(item, rng) for item in items]
    ids = np.array(encode(tokenizer, [caption.text for pair in pairs for caption in pair], context), dtype=np.int16)
    said = claims([caption for pair in pairs for caption in pair])
    return ids.reshape(len(items), 2, context), said.reshape(len(items), 2, -1)


def _work(items: Sequence[Item], writer: Writer, tokenizer: str, context: int, seed: str, out: Any, stop: Any) -> None:
    torch.set_num_threads(1)
    reader, number = Tokenizer.from_str(tokenizer), 0
    while not stop.is_set():
        # Every other round is cut into pieces more or less at random (Provilkov et al. 2020, arXiv 1910.13267).
        reader.model.dropout = DROPOUT if number % 2 else None
        done = write_round(items, writer, reader, context, f"{seed}-{number}")
        number += 1
        while not stop.is_set():
            try:
                out.put(done, timeout=0.5)
                break
            except queue.Full:
                continue


class CaptionBank:
    """The last `slots` rounds on the device.

    ids: (slots, n, 2, context) int16; claims: (slots, n, 2, 9) int16. workers=0 writes rounds in this process, where
    `refresh` is called: repeatable, for tests and CPUs. resumed: the step that a run goes on from, so that processes
    do not write what they have already written.
    """

    def __init__(
        self,
        items: Sequence[Item],
        writer: Writer,
        tokenizer: Tokenizer,
        context: int,
        device: torch.device,
        slots: int = 6,
        workers: int = 0,
        seed: int = 0,
        resumed: int = 0,
    ) -> None:
        self._made = (items, writer, tokenizer, context)
        self._seed, self.rounds = seed, 0
        self._processes: list[Any] = []
        if workers:
            spawn = mp.get_context("fork")
            self._queue, self._stop = spawn.Queue(maxsize=4), spawn.Event()
            for number in range(workers):
                process = spawn.Process(
                    target=_work,
                    args=(
                        items,
                        writer,
                        tokenizer.to_str(),
                        context,
                        f"{seed}-{resumed}-{number}",
                        self._queue,
                        self._stop,
                    ),
                    daemon=True,
                )
                process.start()
                self._processes.append(process)
        self.ids = torch.zeros(slots, len(items), 2, context, dtype=torch.int16, device=device)
        self.claims = torch.zeros(slots, len(items), 2, TITLED + 1, dtype=torch.int16, device=device)

    def refresh(self, wait: bool = False) -> None:
        """Take a round that is ready, in the place of the oldest; wait for one if asked or if there is none yet."""
        if self._processes:
            try:
                ids, said = self._queue.get(block=wait or not self.rounds)
            except queue.Empty:
                return
        else:
            ids, said = write_round(*self._made, f"{self._seed}-{self.rounds}")
        slot = self.rounds % len(self.ids)
        self.ids[slot].copy_(torch.from_numpy(ids))
        self.claims[slot].copy_(torch.from_numpy(said))
        self.rounds += 1

    def draw(self, rows: torch.Tensor, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """ids (n, 2, context) and claims (n, 2, 9), int64, of `rows`, each from any of the rounds that are there."""
        there = min(self.rounds, len(self.ids))
        slots = torch.randint(there, (len(rows),), generator=generator, device=rows.device)
        return self.ids[slots, rows].long(), self.claims[slots, rows].long()

    def state(self) -> dict[str, Any]:
        """What `restore` needs to go on with the same rounds."""
        return {"ids": self.ids.cpu(), "claims": self.claims.cpu(), "rounds": self.rounds}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state` returned. Raises ValueError when it is of other items or another size."""
        if state["ids"].shape != self.ids.shape:
            raise ValueError(f"captions of shape {tuple(state['ids'].shape)} are not those of {tuple(self.ids.shape)}")
        self.ids.copy_(state["ids"])
        self.claims.copy_(state["claims"])
        self.rounds = state["rounds"]

    def close(self) -> None:
        """End the processes."""
        if self._processes:
            self._stop.set()
            for process in self._processes:
                process.terminate()
        self._processes = []
