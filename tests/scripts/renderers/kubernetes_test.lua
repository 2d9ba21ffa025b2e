local plan = require "_plan"

local function rendered(changes, release)
  return subject.render { verb = "render", plan = plan(changes), release = release or {} }
end

local function objects(changes)
  local found = {}
  for _, object in ipairs(rendered(changes).data) do found[object.kind] = object end
  return found
end

return {
  { "a service finds the pod, and the pod its claim", function()
    local made = objects { model = { weights_bytes = 16e9 } }
    vw.expect(made.Service.spec.selector, made.Deployment.spec.template.metadata.labels)
    vw.expect(made.Deployment.spec.selector.matchLabels, made.Deployment.spec.template.metadata.labels)
    local volume = made.Deployment.spec.template.spec.volumes[2]
    vw.expect(volume.persistentVolumeClaim.claimName, made.PersistentVolumeClaim.metadata.name)
    vw.expect(made.PersistentVolumeClaim.spec.resources.requests.storage, "30Gi")
  end },
  { "names are labels whatever the model is called", function()
    vw.expect(objects({ config = { model = "org/Äpfel_1.5B--v2/" } }).Service.metadata.name, "vllm-pfel-1-5b-v2")
  end },
  { "nodes are chosen by the card where its label is known", function()
    local function selector(hardware)
      return objects({ hardware = hardware }).Deployment.spec.template.spec.nodeSelector
    end
    vw.expect(selector { gpu_id = "h100-sxm5-80gb" }, { ["nvidia.com/gpu.product"] = "NVIDIA-H100-80GB-HBM3" })
    vw.expect(selector { gpu_id = "mystery" }, nil)
  end },
  { "a slice of a card is a resource of its own", function()
    local made = objects { hardware = { mig_profile = "3g.40gb" } }
    vw.expect(made.Deployment.spec.template.spec.containers[1].resources.limits["nvidia.com/mig-3g.40gb"], "1")
  end },
  { "a folder of this machine needs no claim", function()
    local made = objects { config = { model = "./models/x" } }
    vw.expect(made.PersistentVolumeClaim, nil)
    vw.expect(made.Deployment.spec.template.spec.volumes[3].hostPath.path, "./models/x")
  end },
  { "other vendors are left out", function()
    vw.expect(rendered({ hardware = { vendor = "google" } }),
      { left_out = "written for cards of NVIDIA and AMD, the plan has one of google" })
  end },
  require "_missing_checkpoint" (subject),
}
