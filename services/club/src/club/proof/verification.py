"""Whether a result is what its ballots, its chain and its draw make of it: from the document, without a server."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from club.proof import rules
from club.results.rules import outcome
from contracts.results import Leaf, Outcome, Placed, Receipt, Result


def faults(result: Result, known: Mapping[int, str] = {}) -> list[str]:
    """What does not fit, a sentence each; none for an honest result.

    `known` are heads that were handed out earlier, by their numbers: a chain rewritten since does not have them.
    """
    return [*_in_draw(result), *_in_chain(result, known), *_in_leaves(result), *_in_count(result)]


def _in_draw(result: Result) -> Iterator[str]:
    if rules.commitment(bytes.fromhex(result.seed)).hex() != result.commit:
        yield "The seed of the draw is not the one that was committed."


def _in_chain(result: Result, known: Mapping[int, str]) -> Iterator[str]:
    links = [rules.Link(link.ballot_ref, bytes.fromhex(link.leaf)) for link in result.links]
    heads = [head.hex() for head in rules.heads(rules.beginning(result.week_id, bytes.fromhex(result.commit)), links)]
    if (result.number, result.head) != (len(links), heads[-1]):
        yield f"The chain does not lead to the head {result.number}:{result.head}."
    for number, head in known.items():
        if number >= len(heads) or heads[number] != head:
            yield f"The chain does not contain the head {number}:{head}: it was rewritten since."


def _in_leaves(result: Result) -> Iterator[str]:
    sealed = [_sealed(leaf) for leaf in result.leaves]
    for leaf, seal in zip(result.leaves, sealed, strict=True):
        if not 0 < leaf.number <= len(result.links):
            yield f"The ballot {leaf.ballot_ref} is in no link of the chain: it was added."
            continue
        link = result.links[leaf.number - 1]
        if (link.ballot_ref, link.leaf) != (leaf.ballot_ref, seal.hex()):
            yield f"The ballot {leaf.ballot_ref} is not what link {leaf.number} sealed: it was altered."
    yield from _in_their_numbers(result)
    if rules.root(sealed).hex() != result.root:
        yield "The root is not that of these ballots."


def _in_their_numbers(result: Result) -> Iterator[str]:
    numbers = [leaf.number for leaf in result.leaves]
    last = rules.last_numbers([rules.Link(link.ballot_ref, b"") for link in result.links])
    for number in sorted(set(last).difference(numbers)):
        yield f"The ballot that link {number} sealed is missing: it was dropped."
    for number in sorted({*numbers}.difference(last, [0])):
        yield f"Link {number} does not seal anybody's last ballot, but is counted."
    if any(later <= sooner for sooner, later in pairwise(numbers)):
        yield "The ballots do not stand in the order of the chain."


def _in_count(result: Result) -> Iterator[str]:
    seed, standing = bytes.fromhex(result.seed), [item.nomination_id for item in result.items]
    ballots = [(leaf.first, leaf.second) for leaf in result.leaves]
    counted, told = outcome(standing, ballots, seed, result.tie_policy), _told(result)
    for name in Outcome.model_fields:
        if getattr(counted, name) != getattr(told, name):
            yield f"Counting these ballots gives another “{name}”."
    # What was struck has no choice any more.
    voted = sum(choices != (None, None) for choices in ballots)
    if not result.ballots == result.participation.voted == voted:
        yield f"There are {voted} ballots, but the result tells of {result.ballots}."


def _told(result: Result) -> Outcome:
    placed = [Placed.model_validate(item.model_dump(include=set(Placed.model_fields))) for item in result.items]
    return Outcome.model_validate(result.model_dump(include=set(Outcome.model_fields)) | {"items": placed})


def _sealed(leaf: Leaf) -> bytes:
    return rules.leaf(leaf.ballot_ref, bytes.fromhex(leaf.salt), leaf.first, leaf.second, leaf.cast_at)


def faults_of_receipt(receipt: Receipt, result: Result) -> list[str]:
    """What does not fit between a voter's receipt and the result; none when the ballot was counted as it says."""
    return [*_in_opening(receipt, result), *_in_proof(receipt, result)]


def _in_opening(receipt: Receipt, result: Result) -> Iterator[str]:
    if _sealed(receipt).hex() != receipt.leaf:
        yield "The receipt does not open its own link."
    yield from _in_chain(result, {receipt.number: receipt.head})
    if Leaf.model_validate(receipt.model_dump()) not in result.leaves:
        yield "The ballot of the receipt is not among those counted."


def _in_proof(receipt: Receipt, result: Result) -> Iterator[str]:
    if receipt.proof is None:
        yield "The receipt is from before the close; fetch it again."
        return
    steps = [(step.side, bytes.fromhex(step.hash)) for step in receipt.proof.path]
    if not rules.climb(_sealed(receipt), steps).hex() == receipt.proof.root == result.root:
        yield "The receipt does not lead to the root of the result."
