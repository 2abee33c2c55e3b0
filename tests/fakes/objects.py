"""A real S3-compatible server for tests (moto's), on a free port of loopback, with one bucket."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

import obstore
from moto.server import ThreadedMotoServer

from recorder.objects import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from obstore.store import S3Store


class ObjectServer:
    """`place`: how the recorder is told of it. `stop` and `start` are an outage; what it has it keeps."""

    def __init__(self) -> None:
        self._server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self._server.start()
        self.host, self.port = self._server.get_host_and_port()
        self.bucket = f"b{os.urandom(6).hex()}"  # moto keeps what an earlier test has put into its own
        endpoint = f"http://{self.host}:{self.port}"
        self.place = Place(f"s3://{self.bucket}/county", endpoint, "us-east-1", "key", "secret", 0.0)

    def stop(self) -> None:
        self._server.stop()

    def start(self) -> None:
        self._server = ThreadedMotoServer("127.0.0.1", self.port, verbose=False)
        self._server.start()

    def store(self) -> S3Store:
        return self.place.connect()

    def names(self) -> set[str]:
        """What is there."""
        return {item["path"] for page in obstore.list(self.store()) for item in page}


@contextlib.contextmanager
def object_server() -> Iterator[ObjectServer]:
    """With its bucket, empty."""
    import boto3

    server = ObjectServer()
    try:
        endpoint = server.place.endpoint
        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
        client = boto3.client("s3", endpoint_url=endpoint, **keys)
        client.create_bucket(Bucket=server.bucket)
        yield server
    finally:
        server.stop()
