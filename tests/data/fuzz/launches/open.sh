#!/bin/sh
vllm serve m --speculative-config [[[[ --limit-mm-per-prompt {"image":