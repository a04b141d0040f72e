"""The process that examines records for another one: `python -m harvesters.examining_process` (see `examiner.py`).

It reads questions from its standard input and writes answers to its standard output until the input ends, which is when the
other process ended, however that was.
"""

import gc
import os
import signal
import sys
from multiprocessing.connection import Connection

from harvesters import examining_words as words
from harvesters.examining import examine
from metadata.memory import peak_kib
from metadata.packing import pack
from metadata.reading import Taken
from standards.table import STANDARDS

READY = b"ready"


def main() -> None:
    """Answers until there are no more questions."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # sent to the whole group; the other process decides
    asked, told = Connection(os.dup(0), writable=False), Connection(os.dup(1), readable=False)
    os.dup2(2, 1)  # whatever a library prints is no answer
    gc.freeze()
    gc.set_threshold(20_000, 5, 50)  # records have no cycles
    told.send_bytes(READY)
    while True:
        try:
            questions = words.questions(asked.recv_bytes())
        except EOFError:
            return
        told.send_bytes(words.encode(words.Answers([answer(one) for one in questions], peak_kib())))


def answer(question: words.Question) -> words.Answer:
    """What becomes of a record. Never raises."""
    try:
        body = words.body(question.form, question.raw)
        taken = Taken("", question.standard, question.raw, "", body, "", question.faults)
        reading = examine(taken, STANDARDS.get(question.standard))
        notes = tuple(map(words.note, reading.findings))
        return words.Answer(notes, reading.said, reading.description, pack("", question.raw))
    except Exception:  # whatever it is, the other process will meet it too, and tell of it
        return words.Answer()


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        sys.exit(1)
