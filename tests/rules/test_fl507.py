"""CUDA libraries on images for CPUs."""

import pytest

from fromlint.model.finding import Severity
from index_server import IndexServer, wheel

SYNC = "COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --frozen\n"
TORCH = (
    "torch-2.9.0-cp312-cp312-manylinux_2_28_x86_64.whl",
    "nvidia_cublas_cu12-12.8.4.1-py3-none-manylinux_2_27_x86_64.whl",
    "nvidia_cudnn_cu12-9.10.2.21-py3-none-manylinux_2_27_x86_64.whl",
)
SLIM = f"FROM python:3.12-slim\n{SYNC}"


def test_torch_with_cuda_on_slim_is_advice_that_names_the_index(check, project):
    (found,) = check("FL507", SLIM, project(*TORCH))
    assert found.severity is Severity.INFO
    assert "brings 2 packages of CUDA libraries" in found.message
    assert any("/whl/cpu" in help for help in found.help)


@pytest.mark.parametrize(
    ("dockerfile", "files"),
    [
        (SLIM, TORCH[:1]),
        (f"FROM python:3.12-slim\nENV NVIDIA_VISIBLE_DEVICES=all\n{SYNC}", TORCH),
        (f"FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\n{SYNC}", TORCH),
        (SLIM, (*TORCH, "vllm-0.11.0-cp38-abi3-manylinux1_x86_64.whl")),
        (SLIM, ("torch-2.9.0+cu128-cp312-cp312-manylinux_2_28_x86_64.whl", *TORCH[1:])),
        (f"FROM python:3.12-slim AS build\n{SYNC}FROM python:3.12-slim\n", TORCH),
        (f"FROM registry.corp/gpu:1\n{SYNC}", TORCH),
    ],
)
def test_any_sign_of_a_gpu_is_enough(check, project, dockerfile, files):
    assert not check("FL507", dockerfile, project(*files))


def test_what_an_earlier_line_brought_from_elsewhere_stays(check):
    with IndexServer() as server:
        server.add("torch", wheel("torch", "2.9.0", tag="cp312-cp312-manylinux_2_28_x86_64", requires=["nvidia-x"]))
        server.add("nvidia-x", wheel("nvidia-x", "1.0", tag="py3-none-manylinux_2_28_x86_64"))
        settings = {"offline": False, "index_url": server.url}
        elsewhere = "RUN pip install torch --index-url http://127.0.0.1:9/cpu\n"
        assert len(check("FL507", "FROM python:3.12-slim\nRUN pip install torch\n", **settings)) == 1
        assert not check("FL507", f"FROM python:3.12-slim\n{elsewhere}RUN pip install torch\n", **settings)
