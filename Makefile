# SPDX-License-Identifier: Apache-2.0
SHELL := /bin/bash
export CELLBUS := $(CURDIR)/.build/debug/cellbus
.PHONY: help setup demo build test fuzz soak lab lint format bench docs reference new-dialect embedded release install clean

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 18

setup: ## check for Swift; install what is missing: Debian packages, Python peers of the tests
	@scripts/setup

demo: ## watch a simulated battery drive an inverter; DEMO_SECONDS=20 ends by itself
	@scripts/setup tools
	swift build -c release --product cellbus
	@.build/release/cellbus demo $(if $(DEMO_SECONDS),--seconds $(DEMO_SECONDS))

build: ## build everything for debugging
	@scripts/setup tools
	swift build

test: ## run all tests: ours, those with independent peers, months of random packs (TRIALS=48)
	@scripts/setup
	swift build --product cellbus && swift test --disable-xctest
	.venv/bin/python -m pytest Tests/Peers -q -n 4 --dist loadfile
	swift build -c release --product cellbus-trials && .build/release/cellbus-trials $(TRIALS)
	@scripts/fuzz 2

fuzz: ## random bytes against the dialects, SECONDS=60 for each; DIALECT=tinybms for one alone
	@scripts/setup tools
	@scripts/fuzz $(or $(SECONDS),60) $(DIALECT)

soak: ## hours of everything that goes wrong; HOURS=24 simulated, SOAK_MINUTES=10 real, FUZZ_SECONDS=540
	@scripts/setup tools
	swift build -c release --product cellbus && swift build -c release --product cellbus-soak
	swift build -c release --product cellbus-trials && .build/release/cellbus-trials $(or $(TRIALS),400)
	.build/release/cellbus-soak $(or $(HOURS),24)
	python3 Tests/Soak/soak.py --minutes $(or $(SOAK_MINUTES),10)
	@scripts/fuzz $(or $(FUZZ_SECONDS),540)

lab: ## what needs a kernel of its own, in a virtual machine: CAN interfaces, the machine's watchdog
	@scripts/setup lab
	swift build --product cellbus
	lab/run .venv/bin/python -m pytest lab/tests -q
	lab/run --resets 300 .venv/bin/python lab/tests/reset.py

lint: ## check format and house rules
	@scripts/setup tools
	@scripts/lint

format: ## format the Swift sources in place
	swift format -i --parallel -r Sources Tests Benchmarks firmware Package.swift

bench: ## measure, optimised; YEAR=1 instead makes and summarises a year of history, some minutes
	@scripts/setup tools
	swift build -c release --product cellbus && swift build -c release --product cellbus-bench
	@.build/release/cellbus-bench $(if $(YEAR),year)

docs: ## reference of the pure modules, in build/docs
	@scripts/setup tools
	@scripts/docs

reference: ## write docs/reference anew: points, alarms, registers, frames, kinds, commands
	@scripts/setup tools
	swift build --product cellbus
	@.build/debug/cellbus reference --into docs/reference

new-dialect: ## make the skeleton of a battery language that builds: NAME=acme
	@scripts/new-dialect "$(NAME)"

embedded: ## prove the pure modules pure: Embedded Swift for wasm, RISC-V and ARM
	@scripts/setup tools
	@scripts/embedded

release: ## build the program for installing, with Swift's libraries inside
	@scripts/setup tools
	swift build -c release --product cellbus --static-swift-stdlib

install: ## install program, service and example settings; PREFIX=/usr/local, DESTDIR for packages
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" BINARY="$(BINARY)" scripts/install

clean: ## remove everything that was built
	rm -rf .build build
