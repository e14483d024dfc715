"""What pip installs: the package, and `web/` and `sql/` inside it."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION = re.search(r'__version__ = "(.+)"', (HERE / "imtwisted/__init__.py").read_text("utf-8"))

setup(
    name="imtwisted",
    version=VERSION[1],
    description="A self-hosted chat server: one process, one port, one written promise.",
    long_description=(HERE / "README.md").read_text("utf-8"),
    long_description_content_type="text/markdown",
    license_expression="MIT",
    license_files=["LICENSE"],
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Framework :: Twisted",
        "Natural Language :: Chinese (Simplified)",
        "Natural Language :: English",
        "Operating System :: POSIX",
        "Programming Language :: Python :: 3",
        "Topic :: Communications :: Chat",
    ],
    python_requires=">=3.11",
    # `web/` and `sql/` stand beside the package in a checkout and inside it
    # once installed; imtwisted/places.py finds them in both.
    packages=[
        *find_packages(include=["imtwisted", "imtwisted.*"]),
        "imtwisted.web",
        "imtwisted.sql",
        "twisted.plugins",
    ],
    package_dir={"imtwisted.web": "web", "imtwisted.sql": "sql"},
    package_data={
        "imtwisted": ["py.typed"],
        "imtwisted.web": ["**"],
        "imtwisted.sql": ["**"],
    },
    entry_points={"console_scripts": ["imchat-admin = imtwisted.admin:main"]},
    install_requires=[
        "twisted[tls]>=26.10",
        "autobahn[twisted]>=26.10",
        "klein>=24.8",
        "PyMySQL>=1.1",
        "pyOpenSSL",
        "service-identity",
        "zope.interface",
        # What Klein raises, and answers are made of.
        "werkzeug",
        "treq",
        "msgspec",
        "Jinja2",
        "argon2-cffi",
        "prometheus-client",
        "multipart>=2",
        "Pillow>=11",
    ],
    zip_safe=False,
)
