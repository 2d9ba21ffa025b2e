#include "cli/log_input.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/request_options.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

namespace vw::cli {
namespace {

constexpr std::size_t chunk_bytes = 1 << 20;

struct Close {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};
using OpenFile = std::unique_ptr<std::FILE, Close>;

OpenFile open_log(const std::string& path, const Files& files, const std::string& command) {
  if (path == "-" || (path.empty() && isatty(STDIN_FILENO) == 0)) return OpenFile(stdin);
  if (path.empty())
    throw Error(command, "a log is missing, expected a file or - for standard input",
                "vllm-wizard " + command + " vllm.log");
  if (files.is_folder(path)) throw Error(path, "is a folder, expected the log of a vLLM server");
  OpenFile file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) throw Error(path, std::string("cannot be read: ") + std::strerror(errno));
  return file;
}

void expect_text(std::string_view beginning, const std::string& name) {
  for (const auto& [magic, tool] : {std::pair{std::string_view("\x1f\x8b"), "zcat"},
                                    {"\x28\xb5\x2f\xfd", "zstdcat"},
                                    {"BZh", "bzcat"},
                                    {std::string_view("\xfd\x37\x7a\x58\x5a"), "xzcat"}})
    if (beginning.starts_with(magic))
      throw Error(name, "is compressed, expected the text of a log",
                  std::string(tool) + " " + name + " | vllm-wizard diagnose -");
}

}  // namespace

ReadLog read_log(const LogBook& book, const Arguments& arguments, const std::string& command) {
  const std::string path = arguments.positional(0);
  const OpenFile file = open_log(path, disk_files(), command);
  ReadLog log{path.empty() || path == "-" ? "standard input" : path, {}};
  LogReader reader(book);
  std::vector<char> chunk(chunk_bytes);
  std::size_t read = 0;
  bool is_first = true;
  while ((read = std::fread(chunk.data(), 1, chunk.size(), file.get())) > 0) {
    if (is_first) expect_text({chunk.data(), read}, log.name);
    is_first = false;
    reader.feed({chunk.data(), read});
  }
  if (std::ferror(file.get()) != 0) throw Error(log.name, std::string("cannot be read: ") + std::strerror(errno));
  log.facts = reader.finish();
  if (log.facts.bytes == 0) throw Error(log.name, "is empty, expected the log of a vLLM server");
  if (log.facts.has_nul && log.facts.recognised() == 0)
    throw Error(log.name, "is no text, expected the log of a vLLM server");
  return log;
}

LogBench bench_for(const Workspace& workspace, const Arguments& arguments) {
  const std::string id = arguments.text("memory-model", workspace.defaults().memory_model);
  std::shared_ptr<const Part> part = workspace.catalog().part(VW_KIND_MEMORY_MODEL, id);
  const CaseBench bench{workspace.catalog(), workspace.defaults(), *part};
  return {std::move(part), bench};
}

LoggedCase judge_log(const Workspace& workspace, const Arguments& arguments, const LoggedRequest& logged) {
  return judge_case(bench_for(workspace, arguments).bench, logged, with_options(arguments, logged.request));
}

}  // namespace vw::cli
