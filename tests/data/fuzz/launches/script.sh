#!/bin/sh
MODEL=a
exec vllm serve "$MODEL" \
  -tp 2 --swap-space 4 -O.mode 3 --hf-overrides.a.b+ 1 <<EOF
x
EOF
