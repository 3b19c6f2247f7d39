"""Signs a model and checks its signature with the Python package model-signing.

Usage: model_signature.py sign|verify MODEL SIGNATURE KEY [WORD...]
Words: `symlinks` follows links, `shard=BYTES` cuts files, `ignore=NAME` leaves a file out,
`leaf=FILE` and `chain=FILE` sign with certificates; for `verify`, KEY is the public key, or the roots
where the word `roots` is given. Exit code 0 if it was signed, or verifies.
"""

import pathlib
import sys

from model_signing import hashing, signing, verifying


def main():
    what, model, signature, key = sys.argv[1], *map(pathlib.Path, sys.argv[2:5])
    words = dict(word.partition("=")[::2] for word in sys.argv[5:])
    ignored = [signature.relative_to(model)] if signature.is_relative_to(model) else []
    if "ignore" in words:
        ignored.append(pathlib.Path(words["ignore"]))
    config = hashing.Config()
    if "shard" in words:
        config.use_shard_serialization(shard_size=int(words["shard"]))
    config.set_ignored_paths(paths=ignored).set_allow_symlinks("symlinks" in words)
    try:
        if what == "sign":
            signer = signing.Config().set_hashing_config(config)
            if "leaf" in words:
                signer.use_certificate_signer(
                    private_key=key,
                    signing_certificate=pathlib.Path(words["leaf"]),
                    certificate_chain=[pathlib.Path(words["chain"])],
                )
            else:
                signer.use_elliptic_key_signer(private_key=key)
            signer.sign(model, signature)
        else:
            verifier = verifying.Config().set_hashing_config(config)
            if "roots" in words:
                verifier.use_certificate_verifier(certificate_chain=[key])
            else:
                verifier.use_elliptic_key_verifier(public_key=key)
            verifier.verify(model, signature)
    except ValueError as error:
        print(error)
        sys.exit(1)


main()
