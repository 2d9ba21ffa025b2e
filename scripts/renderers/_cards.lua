-- What others call a card, by our id. A card that is not here has no such name that is surely known.
-- product: the label nvidia.com/gpu.product of NVIDIA/gpu-feature-discovery, the name that nvidia-smi prints with
-- dashes for spaces. skypilot: the accelerator in SkyPilot's catalogue, `sky show-gpus`.
return {
  ["t4"] = { product = "Tesla-T4", skypilot = "T4" },
  ["l4"] = { product = "NVIDIA-L4", skypilot = "L4" },
  ["l40"] = { product = "NVIDIA-L40", skypilot = "L40" },
  ["l40s"] = { product = "NVIDIA-L40S", skypilot = "L40S" },
  ["a10"] = { product = "NVIDIA-A10", skypilot = "A10" },
  ["a10g"] = { product = "NVIDIA-A10G", skypilot = "A10G" },
  ["a30"] = { product = "NVIDIA-A30" },
  ["a40"] = { product = "NVIDIA-A40" },
  ["a100-sxm4-40gb"] = { product = "NVIDIA-A100-SXM4-40GB", skypilot = "A100" },
  ["a100-pcie-40gb"] = { product = "NVIDIA-A100-PCIE-40GB", skypilot = "A100" },
  ["a100-sxm4-80gb"] = { product = "NVIDIA-A100-SXM4-80GB", skypilot = "A100-80GB" },
  ["a100-pcie-80gb"] = { product = "NVIDIA-A100-80GB-PCIe", skypilot = "A100-80GB" },
  ["h100-sxm5-80gb"] = { product = "NVIDIA-H100-80GB-HBM3", skypilot = "H100" },
  ["h100-pcie-80gb"] = { product = "NVIDIA-H100-PCIe" },
  ["h100-nvl-94gb"] = { product = "NVIDIA-H100-NVL" },
  ["h200-sxm-141gb"] = { product = "NVIDIA-H200", skypilot = "H200" },
  ["h200-nvl-141gb"] = { product = "NVIDIA-H200-NVL" },
  ["b200-sxm-180gb"] = { product = "NVIDIA-B200", skypilot = "B200" },
  ["v100-sxm2-16gb"] = { product = "Tesla-V100-SXM2-16GB", skypilot = "V100" },
  ["v100-sxm2-32gb"] = { product = "Tesla-V100-SXM2-32GB", skypilot = "V100-32GB" },
  ["rtx-3090"] = { product = "NVIDIA-GeForce-RTX-3090", skypilot = "RTX3090" },
  ["rtx-4090"] = { product = "NVIDIA-GeForce-RTX-4090", skypilot = "RTX4090" },
}
