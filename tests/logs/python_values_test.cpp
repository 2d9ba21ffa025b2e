#include "logs/python_values.hpp"

#include "support/catch.hpp"

using namespace vw;

TEST_CASE("dictionaries, namespaces and lists of fields are read alike", "[logs]") {
  const Json expected = {{"model", "org/x"}, {"port", 8000}, {"eager", true}, {"share", 0.9}, {"none", nullptr}};
  CHECK(read_python_values("{'model': 'org/x', 'port': 8000, 'eager': True, 'share': 0.9, 'none': None}") == expected);
  CHECK(read_python_values("Namespace(model='org/x', port=8000, eager=True, share=0.9, none=None)") == expected);
  CHECK(read_python_values("model='org/x', port=8000, eager=True, share=0.9, none=None") == expected);
}

TEST_CASE("what Python prints of objects becomes their fields, of enumerations their values", "[logs]") {
  const Json read = read_python_values(
      "{'a': ['x', (1, 2.5)], 'b': {'image': 2}, 'c': CompilationConfig(level=3, sizes=[1, 2]), "
      "'d': <CUDAGraphMode.FULL: 2>, 'e': torch.bfloat16, 'f': {'x', 'y'}, 'g': PosixPath('/tmp'), 'h': \"it's\", "
      "'i': 'a\\'b', 'j': {}, 'k': <object at 0x7f>}");
  CHECK(read == Json({{"a", {"x", {1, 2.5}}},
                      {"b", {{"image", 2}}},
                      {"c", {{"level", 3}, {"sizes", {1, 2}}}},
                      {"d", 2},
                      {"e", "torch.bfloat16"},
                      {"f", {"x", "y"}},
                      {"g", Json::array({"/tmp"})},
                      {"h", "it's"},
                      {"i", "a'b"},
                      {"j", Json::object()},
                      {"k", "object at 0x7f"}}));
}

TEST_CASE("what was read before a cut stays", "[logs]") {
  CHECK(read_python_values("{'model': 'org/x', 'port': 80") == Json({{"model", "org/x"}, {"port", 80}}));
  CHECK(read_python_values("{'model': 'org/x', 'name': 'cut he") == Json({{"model", "org/x"}}));
  CHECK(read_python_values("{'model': 'org/x', ...") == Json({{"model", "org/x"}}));
  CHECK(read_python_values("model='a', broken") == Json({{"model", "a"}}));
  CHECK(read_python_values("") == Json::object());
  CHECK(read_python_values("}{][") == Json::object());
  CHECK(read_python_values("{'a': " + std::string(100000, '[')) == Json::object());
}
