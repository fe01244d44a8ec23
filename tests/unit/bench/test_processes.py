"""The memory of the provider process."""

from tests.bench.processes import peak_of


def test_the_peak_is_what_the_kernel_keeps():
    """The largest resident memory so far counts, in bytes, not what is resident now."""
    assert peak_of("Name:\tpython\nVmPeak:\t  900000 kB\nVmHWM:\t   61000 kB\nVmRSS:\t   50000 kB\n") == 61000 * 1024


def test_a_process_that_is_ending_has_no_peak():
    """A process whose memory is gone already adds nothing."""
    assert peak_of("Name:\tpython\nState:\tZ (zombie)\n") == 0
