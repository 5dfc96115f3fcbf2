import pytest

from rigcheck.bench.devices import bench_devices, choose_devices, priced
from rigcheck.bench.plan import BenchDevice
from rigcheck.errors import UsageError
from rigcheck.facts import Cpu, Failed, Found, Gpu, Nvml, Rig, Torch, TorchDevice

SLOW_UUID, FAST_UUID = "GPU-11aa0000-2222", "GPU-33bb0000-4444"


def found(value: str) -> Found[str]:
    return Found(value, "test")


def torch_device(device: str, uuid: str, name: str = "GPU") -> TorchDevice:
    return TorchDevice(device=device, name=name, uuid=found(uuid))


# CUDA counts the fastest first, the driver in the order of the slots.
TWO_GPUS = Rig(
    cpu=Cpu(model=found("Athlon X4")),
    nvml=Nvml(
        gpus=Found(
            (Gpu(index=0, uuid=found(SLOW_UUID)), Gpu(index=1, uuid=found(FAST_UUID))), "test"
        )
    ),
    torch=Torch(
        devices=Found(
            (torch_device("cuda:0", FAST_UUID, "fast"), torch_device("cuda:1", SLOW_UUID, "slow")),
            "test",
        )
    ),
)


def chosen(*words: str, rig: Rig = TWO_GPUS) -> list[str]:
    return [device.device for device in choose_devices(bench_devices(rig), words)]


def test_the_cpu_comes_first_and_then_every_accelerator() -> None:
    assert bench_devices(TWO_GPUS) == (
        BenchDevice(device="cpu", label="CPU", name="Athlon X4", identity=""),
        BenchDevice(device="cuda:0", label="GPU 1", name="fast", identity=FAST_UUID),
        BenchDevice(device="cuda:1", label="GPU 0", name="slow", identity=SLOW_UUID),
    )


def test_a_gpu_the_driver_does_not_name_leaves_the_numbers_to_torch() -> None:
    rig = Rig(
        nvml=TWO_GPUS.nvml,
        torch=Torch(
            devices=Found(
                (torch_device("cuda:0", "MIG-55"), torch_device("cuda:1", SLOW_UUID)), "test"
            )
        ),
    )
    assert [device.label for device in bench_devices(rig)] == ["CPU", "GPU 0", "GPU 1"]


def test_the_pci_bus_id_joins_where_an_old_torch_knows_no_uuid() -> None:
    rig = Rig(
        nvml=Nvml(
            gpus=Found((Gpu(index=3, pci_bus_id=found("0000:01:00.0")),), "test"),
        ),
        torch=Torch(
            devices=Found(
                (TorchDevice(device="cuda:0", name="", pci_bus_id=found("0000:01:00.0")),), "test"
            )
        ),
    )
    device = bench_devices(rig)[1]
    assert (device.label, device.identity) == ("GPU 3", "0000:01:00.0")


def test_where_torch_has_no_accelerator_the_cpu_remains() -> None:
    rig = Rig(torch=Torch(devices=Failed("CUDA error", "test")))
    assert [device.name for device in bench_devices(rig)] == ["unknown model"]


def test_without_a_word_all_are_chosen() -> None:
    assert chosen() == chosen("all") == ["cpu", "cuda:0", "cuda:1"]


@pytest.mark.parametrize(
    ("word", "devices"),
    [
        ("cpu", ["cpu"]),
        ("CPU", ["cpu"]),
        ("gpu", ["cuda:0", "cuda:1"]),
        ("cuda", ["cuda:0", "cuda:1"]),
        ("cuda:1", ["cuda:1"]),
        ("0", ["cuda:1"]),
        ("GPU 1", ["cuda:0"]),
        ("gpu1", ["cuda:0"]),
        (SLOW_UUID, ["cuda:1"]),
        ("gpu-33", ["cuda:0"]),
        ("33BB", ["cuda:0"]),
    ],
)
def test_a_word_names_devices(word: str, devices: list[str]) -> None:
    assert chosen(word) == devices


def test_several_words_keep_the_order_and_name_nothing_twice() -> None:
    assert chosen("1", "cuda:0", "cpu") == ["cpu", "cuda:0"]


@pytest.mark.parametrize("word", ["cuda:2", "2", "33", "tpu", "", "gpu-9", "c"])
def test_an_unknown_device_lists_what_there_is(word: str) -> None:
    with pytest.raises(UsageError) as caught:
        chosen("cpu", word)
    assert str(caught.value) == f"no such device: {word}"
    assert caught.value.hint == (
        "there is cpu (CPU, Athlon X4), cuda:0 (GPU 1, fast), cuda:1 (GPU 0, slow)"
    )


def test_gpu_is_unknown_where_there_is_none() -> None:
    with pytest.raises(UsageError):
        chosen("gpu", rig=Rig())


def prices_of(*prices: tuple[str, float]) -> list[float | None]:
    return [device.price for device in priced(bench_devices(TWO_GPUS), prices)]


def test_a_price_is_that_of_the_device_that_is_meant() -> None:
    assert prices_of() == [None, None, None]
    assert prices_of(("cpu", 40.0), ("GPU 0", 75.0)) == [40.0, None, 75.0]
    assert prices_of(("athlon", 40.0)) == [40.0, None, None]
    assert prices_of(("gpu", 100.0), ("GPU 0", 75.0)) == [None, 100.0, 75.0]


@pytest.mark.parametrize("word", ["GPU 7", "", "Threadripper"])
def test_a_price_of_nobody_is_refused(word: str) -> None:
    with pytest.raises(UsageError, match="is meant by the price of"):
        prices_of((word, 1.0))
