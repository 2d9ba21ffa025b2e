#include "facts/model.hpp"

#include "support/catch.hpp"
#include "support/entries.hpp"
#include "support/message_of.hpp"
#include "support/sample_model.hpp"
#include "support/shipped.hpp"

using namespace vw;
using test::answering;
using test::message_of;
using test::sample_form;

namespace {

const Json sample_config = {{"architectures", {"SampleForCausalLM"}}};

Json record_of(const Json& changes = Json::object()) {
  Json record = {{"id", "org/sample"}, {"source", "shelf"}, {"config", sample_config}};
  record.update(changes);
  return record;
}

// Two sources and the families sample, generic and typical; `record` is what the shelf answers.
class Lab {
 public:
  explicit Lab(const Json& record, const Json& form = sample_form()) {
    test::add_part(catalog_,
                   answering(VW_KIND_METADATA_SOURCE, "shelf", {{"describe", record}, {"suggest", {"org/sample"}}}));
    test::add_part(catalog_, answering(VW_KIND_METADATA_SOURCE, "attic", {{"describe", nullptr}}));
    add_family("sample", {"SampleForCausalLM", "SamplesForCausalLM"}, form);
    Json rough = sample_form();
    rough["estimated"] = true;
    add_family("generic", Json::array(), rough);
    add_family("typical", Json::array(), rough);
    test::add_table(catalog_, table_kind::quantization, "lab-4bit",
                    {{"id", "lab-4bit"}, {"recognised_by", {{{"quant_method", "lab"}}}}});
    catalog_.seal();
  }

  Model load(ModelQuestion question = {}) const {
    if (question.model.empty()) question.model = "org/sample";
    return load_model(catalog_, {"attic", "shelf"}, question);
  }
  const Catalog& catalog() const { return catalog_; }
  // The checkpoint that the family was handed last.
  const Json& checkpoint() const { return *checkpoint_; }

 private:
  void add_family(const std::string& id, const Json& architectures, const Json& form) {
    test::Fake fake;
    fake.kind = VW_KIND_MODEL_FAMILY;
    fake.id = id;
    fake.ask = [architectures, form, checkpoint = checkpoint_](const std::string& text) {
      const Json request = Json::parse(text);
      if (request.at("verb") == "architectures") return Json{{"architectures", architectures}}.dump();
      *checkpoint = request.at("checkpoint");
      return form.dump();
    };
    test::add_part(catalog_, std::move(fake));
  }

  Catalog catalog_;
  std::shared_ptr<Json> checkpoint_ = std::make_shared<Json>();
};

ModelQuestion about(const std::string& model) {
  ModelQuestion question;
  question.model = model;
  return question;
}

ModelQuestion sized(double params_b) {
  ModelQuestion question;
  question.params_b = params_b;
  return question;
}

}  // namespace

TEST_CASE("a source describes, a family reduces, and the record says where it came from", "[facts]") {
  const Model model = Lab(record_of({{"location", "shelf 3"}, {"revision", "abc"}, {"notes", {"dusty"}}})).load();
  CHECK(model.id == "org/sample");
  CHECK(model.source == "shelf");
  CHECK(model.location == "shelf 3");
  CHECK(model.revision == "abc");
  CHECK(model.family == "sample");
  CHECK(model.params == 1167360);
  CHECK(model.notes == std::vector<std::string>{"dusty"});
  CHECK_FALSE(model.exact_weights_bytes);
}

TEST_CASE("an unknown model names the sources that were asked and what is near", "[facts]") {
  const Lab lab(nullptr);
  const std::string hint =
      "\nhint: any model can be planned from its config.json: put it into a folder and name the folder, or give "
      "--params-b";
  CHECK(message_of([&] { lab.load(about("org/simple")); }) ==
        "--model: no source knows 'org/simple' (asked attic, shelf), did you mean 'org/sample'?" + hint);
  ModelQuestion question = about("org/simple");
  question.source = "attic";
  CHECK(message_of([&] { lab.load(question); }) ==
        "--model: no source knows 'org/simple' (asked attic), expected a folder with config.json or a name that "
        "`vllm-wizard models` lists" +
            hint);
}

TEST_CASE("a source that could not find out is passed over, and heard when no other knows", "[facts]") {
  Catalog catalog;
  const Json unanswered = {{"unanswered", "the line is dead"}, {"hint", "plug it in"}};
  test::add_part(catalog, answering(VW_KIND_METADATA_SOURCE, "far", {{"describe", unanswered}}));
  test::add_part(catalog,
                 answering(VW_KIND_METADATA_SOURCE, "shelf", {{"describe", nullptr}, {"suggest", {"org/sample"}}}));
  test::add_part(catalog, answering(VW_KIND_METADATA_SOURCE, "late", {{"describe", record_of()}}));
  catalog.seal();
  ModelQuestion question = about("org/simple");
  std::vector<Unanswered> heard;
  CHECK(ask_sources(catalog, {"far", "shelf", "late"}, question, &heard));
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].source == "far");
  question.source = "far";
  CHECK(message_of([&] {
          load_model(catalog, {"far", "shelf"}, question);
        }) ==
        "--model: no source knows 'org/simple' (asked far), expected a folder with config.json or a name that "
        "`vllm-wizard models` lists\nhint: far could not answer: the line is dead; plug it in");
}

TEST_CASE("sources that the defaults do not name are asked first", "[facts]") {
  Catalog catalog;
  test::add_part(catalog, answering(VW_KIND_METADATA_SOURCE, "shelf", {{"describe", record_of()}}));
  test::add_part(catalog,
                 answering(VW_KIND_METADATA_SOURCE, "own", {{"describe", {{"id", "mine"}, {"config", sample_config}}}}),
                 Origin::Rank::user);
  catalog.seal();
  const auto record = ask_sources(catalog, {"shelf"}, about("org/sample"));
  REQUIRE(record);
  CHECK(record->at("source") == "own");
}

TEST_CASE("an unknown architecture names the file that would teach it", "[facts]") {
  const std::string hint =
      "\nhint: teach it in a file families/<id>.lua (vllm-wizard new family <id>), plan it as a kin with --family ID, "
      "or "
      "estimate it with --params-b";
  const auto refusal = [](const Json& config) {
    return message_of([&] { Lab(record_of({{"config", config}})).load(); });
  };
  CHECK(refusal({{"architectures", {"SampelForCausalLM"}}}) ==
        "model 'org/sample': config.json: unknown architecture 'SampelForCausalLM', expected one that a family script "
        "speaks of; did you mean 'SampleForCausalLM' or 'SamplesForCausalLM'?" +
            hint);
  CHECK(refusal({{"model_type", "abacus"}}) ==
        "model 'org/sample': config.json: unknown architecture 'abacus', expected one that a family script speaks of" +
            hint);
  CHECK(refusal(Json::object()) ==
        "model 'org/sample': config.json: config.json names no architecture, expected one that a family script speaks "
        "of" +
            hint);
}

TEST_CASE("a config without architectures goes by its model type", "[facts]") {
  const Model model = Lab(record_of({{"config", {{"model_type", "sample"}}}})).load();
  CHECK(model.family == "sample");
  CHECK(model.architecture == "SampleForCausalLM");
}

TEST_CASE("--family plans an unknown architecture as a kin, --params-b as a rough estimate", "[facts]") {
  const Lab lab(record_of({{"config", {{"architectures", {"Abacus"}}}}}));
  ModelQuestion question;
  question.family = "sample";
  CHECK(lab.load(question).params_basis == "counted from layer shapes");
  const Model rough = lab.load(sized(2));
  CHECK(rough.is_estimated);
  CHECK(rough.params == 2e9);
  CHECK(rough.active_params == 2e9);
  CHECK(rough.params_basis == "--params-b");
}

TEST_CASE("--params-b alone selects a typical shape, with a note", "[facts]") {
  ModelQuestion question = sized(7);
  question.model = "nobody/knows";
  const Model model = Lab(nullptr).load(question);
  CHECK(model.source == "typical shape");
  CHECK(model.params == 7e9);
  CHECK(model.notes == std::vector<std::string>{
                           "no source knows 'nobody/knows': planned with a typical shape for 7 billion parameters"});
}

TEST_CASE("--params-b keeps the share of active parameters", "[facts]") {
  Json form = sample_form();
  form["groups"][0]["feed_forward"] = {
      {"kind", "moe"}, {"intermediate_size", 64}, {"experts", 8}, {"experts_per_token", 2}};
  form["groups"][0]["matrices"].push_back({{"role", "experts_down"}, {"outputs", 256}, {"inputs", 64}, {"copies", 8}});
  const Lab lab(record_of(), form);
  const Model counted = lab.load(), given = lab.load(sized(1));
  CHECK(given.active_params == Approx(1e9 * counted.active_params / counted.params));
}

TEST_CASE("an exact count of a source wins over the shapes, a published one only over an estimate", "[facts]") {
  const Json published = {{"params", 2000000}, {"params_basis", "published"}};
  const Json exact = {{"params", 2000000}, {"params_basis", "safetensors headers"}, {"weights_bytes", 4000000}};
  CHECK(Lab(record_of(published)).load().params == 1167360);
  CHECK(Lab(record_of(exact)).load().params == 2000000);
  CHECK(Lab(record_of(exact)).load().exact_weights_bytes == 4000000);
  Json rough = sample_form();
  rough["estimated"] = true;
  CHECK(Lab(record_of(published), rough).load().params == 2000000);
  CHECK(Lab(record_of(published), rough).load().params_basis == "published");
}

TEST_CASE("the family is told the format, the ignore list and the group size of a quantized checkpoint", "[facts]") {
  const Json declared = {{"quant_method", "lab"}, {"q_group_size", 64}, {"modules_to_not_convert", {"lm_head"}}};
  const Lab lab(record_of({{"config", {{"architectures", {"SampleForCausalLM"}}, {"quantization_config", declared}}}}));
  lab.load();
  CHECK(lab.checkpoint() ==
        Json{{"format", "lab-4bit"}, {"group_size", 64}, {"ignore", {"lm_head"}}, {"quantization_config", declared}});
}

TEST_CASE("a quantization_config of the text model, a compression_config and hf_quant_config count, too", "[facts]") {
  const auto format_of = [](const Json& changes, const Json& config) {
    Json whole = config;
    whole["architectures"] = {"SampleForCausalLM"};
    Json record = record_of({{"config", whole}});
    record.update(changes);
    const Lab lab(record);
    lab.load();
    return lab.checkpoint();
  };
  const Json lab_method = {{"quant_method", "lab"}};
  CHECK(format_of(Json::object(), {{"text_config", {{"quantization_config", lab_method}}}}).at("format") == "lab-4bit");
  CHECK(format_of(Json::object(), {{"compression_config", lab_method}}).at("format") == "lab-4bit");
  const Json outside = {
      {"hf_quant_config", {{"quantization", {{"exclude_modules", {"lm_head"}}, {"group_size", 16}}}}}};
  CHECK(format_of(outside, Json::object()).at("ignore") == Json{"lm_head"});
  CHECK(format_of(outside, Json::object()).at("group_size") == 16);
  CHECK_FALSE(format_of(outside, Json::object()).contains("format"));
  CHECK(format_of(Json::object(), Json::object()) == Json::object());
}

TEST_CASE("what a family complains about is told with the model in front", "[facts]") {
  Json form = sample_form();
  form["layers"] = 0;
  CHECK(message_of([&] { Lab(record_of(), form).load(); }) ==
        "planning for 'org/sample': model-family 'sample': /layers: is 0, expected a whole number from 1 to 1000");
  CHECK(message_of([] { Lab(Json{{"id", "org/sample"}}).load(); }) == "metadata-source 'shelf': /config: is missing");
  CHECK(message_of([] {
          Lab(record_of({{"weights_bytes", -1}})).load();
        }) ==
        "planning for 'org/sample': model 'org/sample': /weights_bytes: is -1, expected a number from 1 to "
        "10000000000000000");
}

TEST_CASE("what a family says of config.json is placed where the config was read", "[facts]") {
  test::Fake critic;
  critic.kind = VW_KIND_MODEL_FAMILY;
  critic.id = "critic";
  critic.ask = [](const std::string& text) -> std::string {
    if (Json::parse(text).at("verb") == "architectures") return R"({"architectures": ["SampleForCausalLM"]})";
    throw std::runtime_error("config.json: num_hidden_layers is 0, expected a whole number from 1 to 1000");
  };
  const auto refusal = [&](const Json& record) {
    Catalog catalog;
    test::add_part(catalog, answering(VW_KIND_METADATA_SOURCE, "shelf", {{"describe", record}}));
    test::add_part(catalog, critic);
    catalog.seal();
    return message_of([&] { load_model(catalog, {"shelf"}, about("org/sample")); });
  };
  CHECK(
      refusal(record_of({{"config_file", "sample/config.json"}})) ==
      "planning for 'org/sample': sample/config.json: num_hidden_layers is 0, expected a whole number from 1 to 1000");
  CHECK(refusal(record_of()) ==
        "planning for 'org/sample': model 'org/sample': config.json: num_hidden_layers is 0, expected a whole number "
        "from 1 to 1000");
  CHECK(refusal(record_of({{"config", {{"architectures", 5}}}, {"config_file", "sample/config.json"}})) ==
        "sample/config.json: /architectures: is 5, expected a list");
}

TEST_CASE("stored bytes are those of each matrix in its own format, predictors and buffers left out", "[facts]") {
  Json form = sample_form();
  form["groups"][0]["matrices"][0]["stored_as"] = "fp8";
  Json predictor = test::sample_group({4});
  predictor["role"] = "mtp";
  form["groups"].push_back(predictor);
  Json buffer = test::matrix("other", 1000, 1000);
  buffer["buffer"] = true;
  form["matrices"].push_back(buffer);
  const Model model = read_normal_form(form, "sample");
  const double sixteen_bit = 2.0 * (4 * 256 * 256 + 2 * 1000 * 256);
  CHECK(stored_weights_bytes(model, test::shipped().catalog()) == sixteen_bit + 4 * (384 * 256 + 4 + 4));
}

TEST_CASE("the format of another checkpoint is exact or unknown, never guessed from a shared method", "[facts]") {
  const auto format_of_variant = [](Json variant) {
    variant["id"] = "org/sample-other";
    const Lab lab(record_of({{"variants", Json::array({variant})}}));
    REQUIRE(lab.load().variants.size() == 1);
    return lab.load().variants.front().format;
  };
  CHECK(format_of_variant({{"quantization", "shared"}, {"format", "lab-4bit"}}) == "lab-4bit");
  CHECK(format_of_variant({{"quantization", "shared"},
                           {"config", {{"quantization_config", {{"quant_method", "lab"}}}}}}) == "lab-4bit");
  CHECK(format_of_variant({{"quantization", "lab-4bit"}}) == "lab-4bit");
  CHECK(format_of_variant({{"quantization", "shared"}}) == "");
  CHECK(format_of_variant({{"quantization", "shared"}, {"format", "of-no-script"}}) == "");
  // what it declares counts more than what it is called
  CHECK(format_of_variant(
            {{"quantization", "lab-4bit"}, {"config", {{"quantization_config", {{"quant_method", "other"}}}}}}) == "");
}
