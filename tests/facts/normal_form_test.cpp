#include "facts/model.hpp"
#include "support/catch.hpp"
#include "support/message_of.hpp"
#include "support/sample_model.hpp"

using namespace vw;
using test::message_of;
using test::sample_form;

namespace {

Model read(const Json& form) { return read_normal_form(form, "model-family 'sample'"); }

std::string refusal_of(const std::string& pointer, const Json& value) {
  Json form = sample_form();
  form[Json::json_pointer(pointer)] = value;
  return message_of([&] { read(form); });
}

// A mixture of 8 experts, 2 of them used, and a predicting layer.
Json mixture() {
  Json form = sample_form();
  Json group = test::sample_group({0, 1, 2, 3});
  group["feed_forward"] = {
      {"kind", "moe"}, {"intermediate_size", 64}, {"gated", true}, {"experts", 8}, {"experts_per_token", 2}};
  Json experts = test::matrix("experts_down", 256, 64, "experts");
  experts["copies"] = 8;
  group["matrices"].push_back(experts);
  Json predictor = test::sample_group({4});
  predictor["role"] = "mtp";
  form["groups"] = {group, predictor};
  return form;
}

}  // namespace

TEST_CASE("parameters are the elements of all matrices, those of a group times its layers", "[facts]") {
  const Model model = read(sample_form());
  CHECK(model.params == 1167360);
  CHECK(model.active_params == model.params);
  CHECK(model.params_basis == "counted from layer shapes");
  CHECK_FALSE(model.is_quantized());
}

TEST_CASE("of a mixture one token passes through its share of the experts, and predictors are counted apart",
          "[facts]") {
  const Model model = read(mixture());
  const double experts = 4.0 * 8 * 256 * 64;
  CHECK(model.params == 1167360 + experts);
  CHECK(model.active_params == 1167360 + experts / 4);
}

TEST_CASE("buffers are no parameters, towers are", "[facts]") {
  Json form = sample_form();
  Json buffer = test::matrix("other", 1000, 1000);
  buffer["buffer"] = true;
  form["matrices"].push_back(buffer);
  CHECK(read(form).params == 1167360);
  form["towers"] = {{{"kind", "vision"}, {"matrices", {test::matrix("tower_linear", 10, 10)}}}};
  CHECK(read(form).params == 1167360 + 100);
}

TEST_CASE("an estimate says so, and what is missing becomes a note", "[facts]") {
  Json form = sample_form();
  form["estimated"] = true;
  form["unmodelled"] = {"its towers are left out"};
  const Model model = read(form);
  CHECK(model.params_basis == "estimated");
  CHECK(model.is_estimated);
  CHECK(model.notes == std::vector<std::string>{"its towers are left out"});
}

TEST_CASE("what the checkpoint declares is read, a group size of -1 as the format's own", "[facts]") {
  Json form = sample_form();
  form["quantization"] = {{"method", "gptq"}, {"format", "gptq"}, {"group_size", 64}};
  CHECK(read(form).is_quantized());
  CHECK(read(form).declared_format == "gptq");
  CHECK(read(form).group_size == 64);
  form["quantization"]["group_size"] = -1;
  CHECK(read(form).group_size == 0);
}

TEST_CASE("numbers out of range are refused with family and path", "[facts]") {
  CHECK(refusal_of("/hidden_size", 0) ==
        "model-family 'sample': /hidden_size: is 0, expected a whole number from 1 to 1000000");
  CHECK(refusal_of("/layers", 1e18) ==
        "model-family 'sample': /layers: is 1e+18, expected a whole number from 1 to 1000");
  CHECK(refusal_of("/attention_heads", "many") ==
        "model-family 'sample': /attention_heads: is the text 'many', expected a whole number from 0 to 100000");
  CHECK(refusal_of("/groups/0/matrices/1/outputs", -1) ==
        "model-family 'sample': /groups/0/matrices/1/outputs: is -1, expected a number from 0 to 1000000000");
  CHECK(refusal_of("/groups/0/layers/2", 1.5) ==
        "model-family 'sample': /groups/0/layers/2: is 1.5, expected a whole number from 0 to 1000");
}

TEST_CASE("unknown keys and kinds of a normal form are refused", "[facts]") {
  CHECK(refusal_of("/groups/0/matrices/0/ouputs", 1) ==
        "model-family 'sample': /groups/0/matrices/0: unknown key 'ouputs', did you mean 'outputs' or 'inputs'?");
  CHECK(
      refusal_of("/groups/0/heads", 8) ==
      "model-family 'sample': /groups/0: unknown key 'heads', expected 'name', 'role', 'layers', 'attention', 'state', "
      "'feed_forward' or 'matrices'");
  CHECK(refusal_of("/groups/0/attention/kind", "linear") ==
        "model-family 'sample': /groups/0/attention/kind: is 'linear', expected 'full', 'sliding', 'chunked', "
        "'latent', 'state', 'cross', 'shared' or 'none'");
  CHECK(refusal_of("/groups/0/matrices/0/split", "diagonal") ==
        "model-family 'sample': /groups/0/matrices/0/split: is 'diagonal', expected 'columns', 'rows', 'kv-heads', "
        "'experts', 'vocabulary' or 'none'");
  CHECK(refusal_of("/groups", nullptr) == "model-family 'sample': /groups: is null, expected a list");
  CHECK(refusal_of("/attention_head", 8) ==
        "model-family 'sample': unknown key 'attention_head', did you mean 'attention_heads'?");
}

TEST_CASE("every layer of the target lies in exactly one group", "[facts]") {
  CHECK(refusal_of("/groups/0/layers", {0, 1, 2}) ==
        "model-family 'sample': /groups: layer 3 lies in no group, expected each of the 4 layers in one");
  CHECK(refusal_of("/groups/0/layers", {0, 1, 2, 2}) ==
        "model-family 'sample': /groups: layer 2 lies in 2 groups, expected each of the 4 layers in one");
  CHECK(refusal_of("/groups/0/layers", {0, 1, 2, 3, 4}) ==
        "model-family 'sample': /groups: layer 4 is beyond the 4 layers of the model");
}

TEST_CASE("a mixture uses at most as many experts as it has", "[facts]") {
  Json form = mixture();
  form["groups"][0]["feed_forward"]["experts_per_token"] = 9;
  CHECK(message_of([&] { read(form); }) ==
        "model-family 'sample': /groups/0/feed_forward/experts_per_token: is 9, expected a number from 1 to 8");
}
