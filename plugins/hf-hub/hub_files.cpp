#include "hub_files.hpp"

#include <algorithm>

namespace vw::hub {

namespace {

using checkpoint::Failure;

constexpr std::uint64_t mib = std::uint64_t{1} << 20;
constexpr std::uint64_t first_piece_bytes = std::uint64_t{128} << 10;  // headers of most shards
constexpr std::uint64_t most_json_piece_bytes = 16 * mib;              // such files are read whole
constexpr std::uint64_t largest_piece_bytes = 8 * mib;                 // of a header that goes on
constexpr std::ptrdiff_t most_together = 32;                           // files fetched at once
constexpr std::uint64_t most_model_bytes = 512 * mib;                  // of all headers together
constexpr std::uint64_t most_safetensors_header = 100'000'000;         // the format's own limit
constexpr std::uint64_t most_gguf_bytes = 64 * mib;                    // real headers, vocabulary included: 5 to 30 MiB

const std::string changed_on_the_way = "try again; a proxy or a mirror in between may change what it passes on";

std::uint64_t limit_of(const std::string& name) { return name.ends_with(".gguf") ? most_gguf_bytes : 100 * mib; }

// Where the header of a safetensors file ends. Empty when that is not known yet, or a lie that the reader will refuse.
std::optional<std::uint64_t> header_end(const std::string& bytes, std::uint64_t total_bytes) {
  std::uint64_t length = 0;
  if (bytes.size() < sizeof length) return std::nullopt;
  for (unsigned i = 0; i < sizeof length; ++i)
    length |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  if (length > most_safetensors_header || length + sizeof length > total_bytes) return std::nullopt;
  return length + sizeof length;
}

// A header that claims to go on is fetched no further once it has stopped being JSON.
void check_header_text(const std::string& path, const std::string& bytes, std::uint64_t end) {
  const auto header = std::string_view(bytes).substr(0, end).substr(sizeof(std::uint64_t));
  const auto is_text = [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t';
  };
  const auto strange = std::find_if_not(header.begin(), header.end(), is_text);
  const auto says = "header says " + std::to_string(end - sizeof(std::uint64_t)) + " bytes, but ";
  if (!header.starts_with('{')) throw Failure(path, says + "does not begin with '{', expected JSON");
  if (strange != header.end())
    throw Failure(path, says + "byte " + std::to_string(strange - header.begin()) + " of it is no text, expected JSON");
}

}  // namespace

class HubFiles::File : public checkpoint::Bytes {
 public:
  File(HubFiles& files, std::string name) : files_(files), name_(std::move(name)), size_(files.total_bytes(name_)) {}

  std::uint64_t size_bytes() const override { return size_; }

  std::size_t read(std::uint64_t offset, char* to, std::size_t most) override {
    const auto& bytes = files_.reaching(name_, offset).bytes;
    const auto count = std::min<std::uint64_t>(most, bytes.size() - offset);
    std::copy_n(bytes.data() + offset, count, to);
    return count;
  }

 private:
  HubFiles& files_;
  const std::string name_;
  const std::uint64_t size_;
};

HubFiles::HubFiles(const std::string& id, const Listing& listing, const Access& access, const Store& store,
                   Transfers* transfers, Tell tell)
    : id_(id), listing_(listing), access_(access), store_(store), transfers_(transfers), tell_(std::move(tell)) {}

// "org/name/config.json" -> "config.json"; empty for what lies elsewhere.
std::string HubFiles::name_of(const std::string& path) const {
  return path.starts_with(id_ + "/") ? path.substr(id_.size() + 1) : "";
}

bool HubFiles::is_file(const std::string& path) { return listing_.files.contains(name_of(path)); }

std::vector<std::string> HubFiles::names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& [name, size] : listing_.files)
    if (checkpoint::folder_of(id_ + "/" + name) == folder) names.push_back(checkpoint::name_of(name));
  return names;
}

std::unique_ptr<checkpoint::Bytes> HubFiles::open(const std::string& path) {
  if (!is_file(path)) throw Failure(path, "no such file in this repository");
  return std::make_unique<File>(*this, name_of(path));
}

void HubFiles::will_read(const std::vector<std::string>& paths) {
  std::vector<std::string> missing;
  for (const auto& path : paths)
    if (is_file(path) && known(name_of(path)) == nullptr) missing.push_back(name_of(path));
  const auto wanted = missing.size();
  while (!missing.empty()) {
    tell_(id_ + ", " + std::to_string(wanted - missing.size()) + " of " + std::to_string(wanted) + " headers");
    fetch({missing.begin(), missing.begin() + std::min<std::ptrdiff_t>(most_together, std::ssize(missing))});
    std::erase_if(missing, [&](const std::string& name) { return is_header_complete(name); });
  }
}

void HubFiles::keep() const {
  for (const auto& [name, beginning] : beginnings_)
    if (beginning.is_new) store_.keep("files/" + listing_.commit, name, {beginning.bytes, beginning.total_bytes});
}

std::uint64_t HubFiles::total_bytes(const std::string& name) {
  if (const auto listed = listing_.files.at(name)) return *listed;
  if (known(name) == nullptr) fetch({name});
  return beginnings_.at(name).total_bytes;
}

HubFiles::Beginning* HubFiles::known(const std::string& name) {
  if (const auto found = beginnings_.find(name); found != beginnings_.end()) return &found->second;
  auto entry = store_.load("files/" + listing_.commit, name);
  if (!entry || listing_.files.at(name).value_or(entry->total_bytes) != entry->total_bytes) return nullptr;
  return &beginnings_.emplace(name, Beginning{std::move(entry->bytes), entry->total_bytes}).first->second;
}

// The beginning of the file, fetched so far that it holds the byte at `offset`.
HubFiles::Beginning& HubFiles::reaching(const std::string& name, std::uint64_t offset) {
  if (known(name) == nullptr) fetch({name});
  auto& beginning = beginnings_.at(name);
  while (beginning.bytes.size() <= offset) {
    if (offset >= limit_of(name))
      throw Failure(id_ + "/" + name, "header goes on behind byte " + std::to_string(limit_of(name)) +
                                          ", expected at most that many bytes");
    fetch({name});
  }
  return beginning;
}

// What to ask for next. A file of unknown size is asked for in pieces, whose answers say it.
Get HubFiles::piece_of(const std::string& name) const {
  const auto url = access_.endpoint + "/" + id_ + "/resolve/" + listing_.commit + "/" + escaped(name);
  const auto found = beginnings_.find(name);
  const auto total = listing_.files.at(name);
  const auto usual = name.ends_with(".json") ? most_json_piece_bytes : first_piece_bytes;
  if (found == beginnings_.end()) return {url, std::min(usual, total.value_or(usual)), !total || *total > usual, 0};
  const auto& beginning = found->second;
  const auto have = std::uint64_t{beginning.bytes.size()}, left = beginning.total_bytes - have;
  const auto end = name.ends_with(".safetensors") ? header_end(beginning.bytes, beginning.total_bytes) : std::nullopt;
  const auto wanted = end && *end > have ? *end - have : std::max(have * 4, mib);
  return {url, std::min({wanted, largest_piece_bytes, left}), true, have};
}

void HubFiles::fetch(const std::vector<std::string>& names) {
  if (transfers_ == nullptr) throw NotStored(id_ + "/" + names.front(), "is not in the cache");
  std::vector<Get> wanted;
  for (const auto& name : names) wanted.push_back(piece_of(name));
  const auto replies = transfers_->get(wanted);
  // One that failed has stopped the others: it comes first.
  for (std::size_t i = 0; i < names.size(); ++i)
    if (replies[i].attempts > 0 && (replies[i].status != 0 || !replies[i].trouble.empty()))
      check(names[i], wanted[i], replies[i]);
  for (std::size_t i = 0; i < names.size(); ++i) take(names[i], wanted[i], replies[i]);
}

void HubFiles::take(const std::string& name, const Get& get, const Reply& reply) {
  auto& beginning = beginnings_[name];
  beginning.is_new = true;
  if (get.first == 0)
    beginning.total_bytes = listing_.files.at(name).value_or(reply.total_bytes.value_or(reply.body.size()));
  beginning.bytes += reply.body;
  fetched_bytes_ += reply.body.size();
  if (fetched_bytes_ > most_model_bytes)
    throw Failure("'" + id_ + "'", "headers have more than 512 MiB, expected the headers of one model");
  if (!name.ends_with(".safetensors") || beginning.is_whole()) return;
  const auto end = header_end(beginning.bytes, beginning.total_bytes);
  if (!end) return;
  check_header_text(id_ + "/" + name, beginning.bytes, *end);
  if (beginning.bytes.size() > *end) beginning.bytes.resize(*end);
}

// As listed, or as the first piece said.
std::optional<std::uint64_t> HubFiles::expected_total(const std::string& name) const {
  if (const auto listed = listing_.files.at(name)) return listed;
  const auto found = beginnings_.find(name);
  return found == beginnings_.end() ? std::nullopt : std::optional(found->second.total_bytes);
}

// Throws when the answer is none, or not the bytes that were asked for.
void HubFiles::check(const std::string& name, const Get& get, const Reply& reply) const {
  if (!reply.is_good()) fail(name, complaint_of(reply, access_, id_));
  if (reply.content_type.starts_with("text/html") && !name.ends_with(".html"))
    fail(name, web_page_complaint("the bytes of the file"));
  const auto listed = expected_total(name);
  const auto total = reply.status == 206 ? reply.total_bytes : std::nullopt;
  const bool is_nameless = !listed && !total && (reply.status == 206 || reply.is_longer);
  if (is_nameless || (get.first > 0 && reply.status != 206))
    fail(name, {"does not answer with a piece of the file, expected bytes " + std::to_string(get.first) + " to " +
                    std::to_string(get.first + get.most_bytes - 1),
                "is HF_ENDPOINT a mirror that knows no range requests? it is " + access_.endpoint});
  if (listed && total && *listed != *total)
    fail(name, {"has " + std::to_string(*total) + " bytes, expected " + std::to_string(*listed) + " as announced",
                changed_on_the_way});
  check_length(name, get, reply, total);
}

void HubFiles::check_length(const std::string& name, const Get& get, const Reply& reply,
                            std::optional<std::uint64_t> total) const {
  const auto expected = std::min(get.most_bytes, total.value_or(get.first + get.most_bytes) - get.first);
  const bool is_cut = get.is_piece && reply.is_longer;  // the whole of a file whose beginning was asked for
  const bool is_known = total || expected_total(name);
  if ((!reply.is_longer || is_cut) && (reply.body.size() == expected || !is_known)) return;
  const std::string more = reply.is_longer ? "more than " : "";
  fail(name, {"came with " + more + std::to_string(reply.body.size()) + " bytes, expected " + std::to_string(expected),
              changed_on_the_way});
}

bool HubFiles::is_header_complete(const std::string& name) const {
  const auto found = beginnings_.find(name);
  if (found == beginnings_.end()) return false;
  const auto& beginning = found->second;
  if (!name.ends_with(".safetensors") || beginning.is_whole()) return true;
  return header_end(beginning.bytes, beginning.total_bytes).value_or(0) <= beginning.bytes.size();
}

void HubFiles::fail(const std::string& name, const Complaint& complaint) const {
  throw Failure(access_.host + ": " + id_ + "/" + name, complaint.text());
}

}  // namespace vw::hub
