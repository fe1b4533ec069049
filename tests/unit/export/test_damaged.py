"""Files of data that are damaged, or lie: one kind of error, and little memory."""

import io
import json
import resource
import zipfile

import numpy as np
import pytest
from explained import different, one
from hypothesis import given, settings
from hypothesis import strategies as st

import limelight as ll
from limelight.export import archive, documents
from limelight.export._leaves import as_json, digest, filled, from_json, mapped

BOTH = pytest.mark.parametrize("kind", [documents, archive], ids=["json", "npz"])
SMALL = ("text, lime", "row of mixed types", "picture, saliency", "row, quartiles", "row, closed form", "text, order 2",
         "shown, pixels")


def outcome(read, content, expected):
    """Read what may be damaged: what was saved comes back, or an InputError."""
    try:
        found = read(content)
    except ll.InputError as error:
        assert "can't be read" in str(error) and len(str(error)) < 1000
        return False
    assert different(expected, found) == []
    return True


WAYS = ("flip", "cut", "drop", "insert", "repeat")
edits = st.lists(st.tuples(st.sampled_from(WAYS), st.floats(0, 1, exclude_max=True), st.integers(1, 40),
                           st.binary(min_size=1, max_size=8)), min_size=1, max_size=3)


def edited(content, changes):
    for kind, where, length, new in changes:
        at = int(where * len(content))
        before, part, after = content[:at], content[at:at + length], content[at + length:]
        content = {"flip": before + bytes(each ^ (new[0] or 1) for each in part[:1]) + part[1:] + after, "cut": before,
                   "drop": before + after, "insert": before + new + part + after,
                   "repeat": before + part + part + after}[kind]
    return content


@BOTH
@settings(max_examples=100)
@given(changes=edits, name=st.sampled_from(SMALL[:3]))
def test_a_file_with_changed_bytes_is_refused_or_says_the_same(kind, changes, name):
    content = edited(kind.dumps(one(name)), changes)
    outcome(kind.loads, content, one(name))


STRANGE = st.sampled_from([
    None, True, -1, 2**63, 10**30, 1.5, 1e308, "", "x", "NaN", [], {}, [[]], [["a", 99]], {"type": "zzz"}, b"abc",
    {"type": "float", "value": "Infinity"}, {"type": "tuple", "items": [1]}, {"type": "int8", "value": 300},
    {"type": "pandas timestamp", "value": 1, "unit": "ns", "zone": "../../etc/passwd"}, {"type": "array"},
    {"type": "array", "dtype": "float64", "shape": [10**12], "base64": ""}, np.zeros(3), np.zeros((2, 2), bool)])


def places(node, path=()):
    """Every place in a document but its checksum."""
    if path:
        yield path
    if isinstance(node, dict | list):
        for name, each in node.items() if isinstance(node, dict) else list(enumerate(node))[:5]:
            if (*path, name) != ("checksum",):
                yield from places(each, (*path, name))


@settings(max_examples=120)
@given(data=st.data(), name=st.sampled_from(SMALL))
def test_a_document_that_lies_and_has_a_right_checksum_is_refused_or_can_be_used(data, name):
    document = filled(json.loads(documents.dumps(one(name))), from_json)
    path = data.draw(st.sampled_from(sorted(places(document), key=str)))
    *above, last = path
    holder = document
    for part in above:
        holder = holder[part]
    node, new = holder[last], data.draw(STRANGE)
    if isinstance(node, np.ndarray) and data.draw(st.booleans()):
        shorter = node[:-1] if node.ndim else node
        new = data.draw(st.sampled_from([shorter, node.reshape(-1), node.astype("f4"), node * 0]))
    holder[last] = new
    document["checksum"] = digest(document)
    try:
        found = documents.loads(json.dumps(mapped(document, as_json)).encode())
    except ll.InputError as error:
        assert "can't be read" in str(error)
        return
    used(found)


def used(found):
    """Draw it, read it, save it."""
    assert repr(found) and len(found.to_frame()) == len(found.values)
    if found._run is not None:
        found.view.widget.get_state()
        assert found.view.explanation.method == found.method
        found._repr_mimebundle_()
    assert documents.loads(documents.dumps(found)).method == found.method


def sealed(**changes):
    document = filled(json.loads(documents.dumps(one("text, lime"))), from_json) | changes
    document["checksum"] = digest(document)
    return json.dumps(mapped(document, as_json)).encode()


GOOD = documents.dumps(one("text, lime"))


@pytest.mark.parametrize(("content", "message"), [
    (b"", "damaged or cut short"),
    (b"[]", "no explanation that limelight saved"),
    (b'{"format": "limelight-explanation"}', "version should be a whole number; None came"),
    (GOOD[:-40], "damaged or cut short"),
    (GOOD.replace(b'"n_evals": 60', b'"n_evals": 61'), "altered or damaged after it was saved"),
    (GOOD.replace(b'"version": 2', b'"version": 3'), "a newer limelight wrote it .*: upgrade"),
    (GOOD.replace(b'"method"', b'"method": 1, "method"'), "comes twice"),
    (GOOD.replace(b'"n_evals": 60', b'"n_evals": NaN'), "NaN is no number in JSON"),
    (b"[" * 10**6, "damaged or cut short"),
    (b'{"a": ' * 10**5, "damaged or cut short"),
    (GOOD.replace(b'"n_evals": 60', b'"n_evals": ' + b"9" * 10**4), "damaged or cut short"),
    (sealed(target=9), "output 9 of 2"),
    (sealed(feature_names=["a"]), r"values should be an array of float64 of shape \(1, 2\)"),
    (sealed(n_evals=61), r"neighborhood.coalitions should be an array of truth values of shape \(61, 9\)"),
    (sealed(output_space="volts"), "output_space should be one of 'probability'"),
    (sealed(method="magic"), "method should be one of 'lime'"),
    (sealed(params={"degrees_of_freedom": -1}), "params.degrees_of_freedom should be a number, 0 or more; -1 came"),
], ids=range(17))
def test_each_fault_of_a_json_file_is_told(content, message):
    with pytest.raises(ll.InputError, match=message):
        documents.loads(content, "x.json")


def packed_with(**parts):
    """A .npz file with other parts: bytes by name, None to leave one out."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive.dumps(one("text, lime")))) as old, zipfile.ZipFile(
            file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *parts}:
            content = parts.get(name, old.read(name) if name in old.namelist() else None)
            if content is not None:
                new.writestr(name, content)
    return file.getvalue()


def npy(array, **options):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, **options)
    return file.getvalue()


LIE = npy(np.zeros(9)).replace(b"'shape': (9,), }" + b" " * 17, b"'shape': (900000000000,), }      ")


@pytest.mark.parametrize(("content", "message"), [
    (b"PK\x03\x04", "damaged or cut short"),
    (archive.dumps(one("text, lime"))[:-30], "damaged or cut short"),
    (packed_with(**{"explanation.json": None}), "no explanation that limelight saved"),
    (packed_with(**{"values.npy": None}), "'values.npy' is missing"),
    (packed_with(**{"values.npy": npy(np.zeros((8, 2)))}), "altered or damaged"),
    (packed_with(**{"values.npy": npy(np.array([{}]), allow_pickle=True)}), "no plain array"),
    (packed_with(**{"values.npy": npy(np.asfortranarray(np.ones((8, 2))))}), "no plain array"),
    (packed_with(**{"values.npy": LIE}), "damaged or cut short"),
    (packed_with(**{"other.npy": npy(np.zeros(3))}), "holds 'other.npy', which its header does not speak of"),
    (packed_with(**{"bomb.npy": bytes(2**27)}), "would take .* unpacked"),
], ids=range(10))
def test_each_fault_of_a_npz_file_is_told(content, message):
    with pytest.raises(ll.InputError, match=message):
        archive.loads(content, "x.npz")


def test_a_lie_about_sizes_takes_no_memory():
    bombs = [packed_with(**{"bomb.npy": bytes(2**27)}), packed_with(**{"values.npy": LIE})]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for content in bombs:
        with pytest.raises(ll.InputError):
            archive.loads(content)
    with pytest.raises(ll.InputError):
        documents.loads(sealed(values={"type": "array", "dtype": "float64", "shape": [10**12], "base64": ""}))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
