// The commands, one entry each.
#include "cli/commands.hpp"

namespace vw::cli {

// clang-format off
#define VW_PLANNING_GROUPS "Model", "Hardware", "Workload", "Engine", "Policy", "Parts"

const std::vector<Command> command_table = {
    {"plan", "", 0, "does it fit, with which flags, how fast: the main job",
     "Reads the model's shapes, takes the card from the table (or from this machine), and judges memory, "
     "recommends a configuration with reasons, estimates speed and prints the serve command. Exit code 0: fits; "
     "1: does not fit.",
     {VW_PLANNING_GROUPS, "Output", "Simulation", "Replay", "Format", "Search", "General"},
     {"vllm-wizard plan -m meta-llama/Llama-3.1-8B-Instruct --gpu \"RTX 4090\" --max-model-len 8192 -c 4",
      "vllm-wizard plan -m meta-llama/Llama-3.1-70B-Instruct --gpu a100-80gb --gpus 4 --explain",
      "vllm-wizard plan -m ./my-checkpoint --json"},
     run_plan},
    {"generate", "", 0, "write the plan's artifacts as files",
     "Plans, then writes the artifacts asked for with --emit, and plan.json, into a folder. Existing files that "
     "differ are kept unless --force is given; the plan.json of an earlier run is replaced.",
     {VW_PLANNING_GROUPS, "Output", "Files", "Existing files", "Search", "General"},
     {"vllm-wizard generate -o deploy -m Qwen/Qwen3-8B --gpu L40S --emit all",
      "vllm-wizard generate -o deploy -p profile.yaml --emit compose,k8s"},
     run_generate},
    {"sweep", "", 0, "the plan over many GPUs, formats, sizes and loads",
     "Judges every combination of the values that are given as plan judges it, and lists the best. GPU, formats, "
     "parallel sizes, lengths, loads and releases take a comma list or the word all; what is not given is as in plan, "
     "but all GPUs and all tensor parallel sizes of a node are tried, at the context that a request needs. Exit code "
     "1: no row fits.",
     {VW_PLANNING_GROUPS, "Sweep", "Targets", "Format", "Search", "General"},
     {"vllm-wizard sweep -m Qwen/Qwen3-32B --gpu all -c 20 --prompt-tokens 4k --gen-tokens 500 --max-tpot-ms 40",
      "vllm-wizard sweep -m meta-llama/Llama-3.1-8B-Instruct --gpu L40S,a100-80gb -q none,fp8 -c all --pareto cost",
      "vllm-wizard sweep -m Qwen/Qwen3-8B --max-model-len all -c all --svg qwen3-8b.svg",
      "vllm-wizard sweep -m Qwen/Qwen3-8B -q all -c all --all --format jsonl > rows.jsonl"},
     run_sweep},
    {"size", "", 0, "the least hardware that meets a load and latency target",
     "Looks at every accelerator and way to spread the model for what serves the load within the limits, with as many "
     "equal servers as it takes, and shows the cheapest plan, the one with fewest GPUs and the fastest, each with the "
     "plan command of one server. Exit code 1: nothing meets the target; the nearest miss is shown. Percentiles come of "
     "a replay of the scheduler, where the performance heuristic has one.",
     {VW_PLANNING_GROUPS, "Size", "Targets", "Replay", "Format", "Search", "General"},
     {"vllm-wizard size -m Qwen/Qwen3-32B -c 20 --prompt-tokens 4k --gen-tokens 500 --max-tpot-ms 40",
      "vllm-wizard size -m Qwen/Qwen3-32B -q none,fp8 --target-request-rate 2 --max-ttft-ms 2000 --gpu L40S,h100-sxm5-80gb",
      "vllm-wizard size -m Qwen/Qwen3-8B -c 100 --max-tpot-ms 30 --limits-at p99",
      "vllm-wizard size -m Qwen/Qwen3-8B -c 100 --max-tpot-ms 30 --prices prices.json --json"},
     run_size},
    {"pack", "", 0, "several models on one GPU or node: who gets which share",
     "Takes --model once for each model, as ID[:FORMAT] and settings behind commas: ctx (context), c (requests at a "
     "time), q (weight format), kv (format of the KV cache), tp, prompt, gen, share, name; other options hold for all. "
     "Finds the share of a card (--gpu-memory-utilization) that each server gets, its cards, port and place in the "
     "order of starting. What is left of the cards is split among models whose ctx or c is left out; "
     "--gpu-memory-utilization is the most that all shares of a card may add up to. With -o or --emit files are "
     "written instead. Exit code 0: all fit; 1: they do not.",
     {VW_PLANNING_GROUPS, "Output", "Files", "Format", "Search", "General"},
     {"vllm-wizard pack -m Qwen/Qwen2.5-Coder-32B-Instruct:awq,ctx=8k,c=8 -m Qwen/Qwen2.5-7B-Instruct,ctx=8k,c=8 --gpu h100",
      "vllm-wizard pack -m Qwen/Qwen3-32B,tp=2,ctx=16k -m Qwen/Qwen3-8B:fp8,ctx=16k --gpu L40S --gpus 4 --json",
      "vllm-wizard pack -p set.yaml -o deploy --emit compose,router,kubernetes,systemd"},
     run_pack},
    {"detect", "", 0, "the accelerators of this machine",
     "Asks nvidia-smi, rocm-smi and amd-smi. Exit code 0: found; 1: none; 2: the tools are missing or failed.",
     {"Format", "Search", "General"},
     {"vllm-wizard detect",
      "vllm-wizard detect --json"},
     run_detect},
    {"gpus", "[FILTER]", 1, "the accelerators that are known",
     "Lists the table of accelerators, or those whose name holds FILTER: memory on the label, in the driver's tool and "
     "in CUDA, and how the last is known. With the word MIG in FILTER their slices.",
     {"Format", "Search", "General"},
     {"vllm-wizard gpus",
      "vllm-wizard gpus h100",
      "vllm-wizard gpus \"h100 mig\"",
      "vllm-wizard gpus \"RTX 40\" --json"},
     run_gpus},
    {"models", "[FILTER]", 1, "the models that are known without network",
     "Lists the models of the offline catalogue and of the local caches, or those whose name holds FILTER.",
     {"Format", "Search", "General"},
     {"vllm-wizard models qwen3",
      "vllm-wizard models --json"},
     run_models},
    {"quantizations", "[FILTER]", 1, "the weight and KV cache formats that are known",
     "Lists the formats with their bits per weight, what they need, and their names in vLLM.",
     {"Format", "Search", "General"},
     {"vllm-wizard quantizations",
      "vllm-wizard quantizations fp8"},
     run_quantizations},
    {"parts", "[FILTER]", 1, "the plugins, scripts and tables, and where they come from",
     "Loads and lists everything that was found: kind, id, origin, who shadows whom, and what was refused and "
     "why.",
     {"Format", "Search", "General"},
     {"vllm-wizard parts",
      "vllm-wizard parts renderer"},
     run_parts},
    {"check", "[FILE]", 1, "load everything, or one file, and say OK, WARNING or ERROR",
     "Without FILE loads every plugin, script and table, puts a small plan to every part and reduces every model "
     "of the catalogue. With FILE checks one script, script test, plugin, gpu-db file or profile. Exit code 0: no error; 2: at least one.",
     {"Search", "General"},
     {"vllm-wizard check",
      "vllm-wizard check scripts/families/my-family.lua",
      "vllm-wizard check profile.yaml"},
     run_check},
    {"validate", "FILE", 1, "predictions held against start-ups that were logged",
     "Judges every start-up of FILE exactly as it was run and prints prediction beside log, then the errors, where "
     "every source weighs the same. FILE is in the format of tests/validation, or has one JSON object a line. A FILE of "
     "servers that were measured (tests/validation/servers.json, or a CSV table with ttft_ms and tpot_ms) is held "
     "against the performance heuristic. Exit code 0: done; 1: a statistic is worse than --baseline allows.",
     {"Validation", "Parts", "Format", "Search", "General"},
     {"vllm-wizard validate tests/validation/startups.json --models tests/validation/models",
      "vllm-wizard validate startups.jsonl --compare classic",
      "vllm-wizard validate startups.jsonl --models ./configs --json"},
     run_validate},
    {"lint", "FILE|COMMAND", 10000, "what is wrong with a serve command that somebody has",
     "Reads a serve command (vllm serve, python -m vllm.entrypoints..., docker run), a script that holds one, vLLM's "
     "config.yaml, a Compose file, objects of Kubernetes, Helm values or a systemd unit, and holds every flag against "
     "the release: --vllm-version, else the image's tag, else the newest known. Says which flags are gone and what to "
     "write instead, which values are refused, what contradicts itself, and what the flags plan to on --gpu. What the "
     "command leaves open may be given as for plan. A command stands in quotes or behind --. Exit code 0: no error; 1: "
     "at least one; 2: nothing to lint.",
     {VW_PLANNING_GROUPS, "Output", "Format", "Search", "General"},
     {"vllm-wizard lint serve.sh --vllm-version 0.21",
      "vllm-wizard lint docker-compose.yaml --gpu L40S",
      "vllm-wizard lint --gpu \"RTX 4090\" -- vllm serve Qwen/Qwen3-8B --max-model-len 8k --swap-space 4",
      "kubectl get deployment vllm -o yaml | vllm-wizard lint - --json"},
     run_lint},
    {"diagnose", "LOG", 1, "why a vLLM server failed, and what mends it",
     "Reads the log of a server, of any release, from a file or from standard input (-). Says which failure the others "
     "follow from, rebuilds the plan from the arguments in the log, says which term of memory was short by how much, "
     "and gives the smallest changes with which the memory model, set right by what was logged, says that it starts: "
     "each with its budget and the whole command. Options say what the log does not, and win over it. Exit code 0: "
     "cause found; 1: not, or nothing failed.",
     {"Model", "Hardware", "Engine", "Policy", "Parts", "Format", "Search", "General"},
     {"vllm-wizard diagnose vllm.log",
      "kubectl logs my-pod --previous | vllm-wizard diagnose - --gpu L40S",
      "vllm-wizard diagnose vllm.log -m meta-llama/Llama-3.1-8B-Instruct --json"},
     run_diagnose},
    {"calibrate", "LOG", 1, "a start-up log against its plan, for later plans",
     "Reads the log of a start, from a file or from standard input (-), and prints what was predicted beside what was "
     "logged. Then writes a correction for this card, model family and release, which later plans use and name, into "
     "the user's scripts folder (corrections/<id>.lua) or to --output FILE; one that is there and differs is kept "
     "unless --force is given. Exit code 0: done; 1: the log tells nothing to learn from.",
     {"Model", "Hardware", "Engine", "Policy", "Parts", "Correction", "Existing files", "Format", "Search", "General"},
     {"vllm-wizard calibrate vllm.log",
      "vllm-wizard calibrate vllm.log --gpu \"RTX 4090\" --dry-run",
      "docker logs vllm 2>&1 | vllm-wizard calibrate - --output scripts/corrections/ours.lua"},
     run_calibrate},
    {"watch", "[URL]", 1, "a running server against its plan",
     "Polls the metrics of a running vLLM server (http://localhost:8000 unless URL says otherwise) and the memory of "
     "its cards, shows them beside the plan and says where the plan is left: KV cache full, requests preempted or "
     "waiting, memory that grows, slower than planned. The plan is that of the usual options, of a profile (-p) or of "
     "--plan FILE; without any the server is shown alone. A key that the server wants is taken from VLLM_API_KEY. "
     "Cards are those of this machine, so they are shown where the server runs on it. Exit code with --once or "
     "--samples: 0: the plan is kept; 1: there is a warning; 2: no server answers.",
     {"Watch", VW_PLANNING_GROUPS, "Output", "Format", "Search", "General"},
     {"vllm-wizard watch -p profile.yaml",
      "vllm-wizard watch http://gpu-host:8000 --plan plan.json",
      "vllm-wizard watch --once --json | jq .warnings",
      "vllm-wizard watch --json --interval-s 10 >> watch.jsonl"},
     run_watch},
    {"new", "KIND ID", 2, "write a script with its test, ready to edit",
     "KIND: quantization, release, models, gpu, log, correction, family, source, detector, memory-model, perf-heuristic, "
     "renderer or probe. Writes into the user's scripts folder, or into --dir.",
     {"Scaffold", "Search", "General"},
     {"vllm-wizard new family my-family",
      "vllm-wizard new renderer nomad --dir ./scripts"},
     run_new},
    {"completion", "bash|zsh|fish", 1, "print the completion script of a shell",
     "Prints a script for the shell to source.",
     {"Format", "General"},
     {"vllm-wizard completion bash > /etc/bash_completion.d/vllm-wizard"},
     run_completion},
    {"man", "", 0, "print the man page",
     "Prints the manual in roff, for man -l.",
     {"Format", "General"},
     {"vllm-wizard man > vllm-wizard.1"},
     run_man},
};
// clang-format on

}  // namespace vw::cli
