"""Tests for `imtwisted.limits`: who asks too much waits, and nobody else."""

from __future__ import annotations

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.limits import Buckets, network
from imtwisted.refusals import RateLimited


class BucketsTests(SynchronousTestCase):
    """A bucket a key, filled by time."""

    def setUp(self) -> None:
        self.clock = Clock()

    def taken(self, buckets: Buckets, key: str, times: int) -> int:
        """How many of `times` tries were let through."""
        through = 0
        for _ in range(times):
            try:
                buckets.take(key)
            except RateLimited:
                continue
            through += 1
        return through

    def test_a_burst_then_a_rate(self) -> None:
        """Twice the rate at once, then as much as flows in."""
        buckets = Buckets(self.clock, 20, 10, burst=40)
        self.assertEqual(self.taken(buckets, "alice", 50), 40)
        self.clock.advance(5)
        self.assertEqual(self.taken(buckets, "alice", 50), 10)
        self.clock.advance(1000)
        self.assertEqual(self.taken(buckets, "alice", 50), 40)

    def test_one_does_not_pay_for_another(self) -> None:
        """Each key has a bucket of its own."""
        buckets = Buckets(self.clock, 2, 60)
        self.taken(buckets, "alice", 5)
        self.assertEqual(self.taken(buckets, "bob", 5), 2)

    def test_says_when_to_come_again(self) -> None:
        """After exactly that time there is room, and not before."""
        buckets = Buckets(self.clock, 6, 60)
        self.taken(buckets, "alice", 6)
        refusal = self.assertRaises(RateLimited, buckets.take, "alice")
        self.assertEqual(refusal.retry_after, 10_000)
        self.clock.advance(9.9)
        self.assertEqual(self.taken(buckets, "alice", 1), 0)
        self.clock.advance(0.1)
        self.assertEqual(self.taken(buckets, "alice", 1), 1)

    def test_no_rate_is_no_limit(self) -> None:
        """0 means that there is none, and nothing is remembered."""
        buckets = Buckets(self.clock, 0, 60)
        self.assertEqual(self.taken(buckets, "alice", 1000), 1000)
        self.assertEqual(len(buckets), 0)

    def test_many_keys_do_not_fill_the_memory(self) -> None:
        """Of a million strangers, the quiet ones are forgotten first."""
        buckets = Buckets(self.clock, 2, 60, keys=100)
        for stranger in range(1000):
            buckets.take(str(stranger))
            if stranger % 50 == 0:
                self.taken(buckets, "eve", 2)
        self.assertEqual(len(buckets), 100)
        self.assertEqual(self.taken(buckets, "eve", 2), 0)

    def test_what_is_given_back_never_counted(self) -> None:
        """A right password is no try."""
        buckets = Buckets(self.clock, 2, 60)
        for _ in range(10):
            buckets.owe("alice")
            buckets.give_back("alice")
        self.assertEqual(buckets.wait("alice"), 0)
        self.assertEqual(len(buckets), 0)

    def test_a_debt_has_an_end(self) -> None:
        """However often one knocked, after two fillings one starts afresh."""
        buckets = Buckets(self.clock, 5, 60)
        for _ in range(10_000):
            buckets.owe("alice")
        self.clock.advance(120)
        self.assertEqual(self.taken(buckets, "alice", 10), 5)


class NetworkTests(SynchronousTestCase):
    """What counts as one caller."""

    def test_an_ipv6_network_is_one_caller(self) -> None:
        """Whoever has one address of a /64 has them all."""
        self.assertEqual(network("2001:db8::1"), network("2001:db8::ffff:2"))
        self.assertNotEqual(network("2001:db8::1"), network("2001:db8:0:1::1"))

    def test_ipv4_addresses_are_callers(self) -> None:
        """Also when they are written as IPv6."""
        self.assertEqual(network("192.0.2.1"), "192.0.2.1")
        self.assertEqual(network("::ffff:192.0.2.1"), "192.0.2.1")

    def test_what_is_no_address_is_its_own(self) -> None:
        """A Unix socket has none."""
        self.assertEqual(network("unix"), "unix")
