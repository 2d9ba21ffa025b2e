#include "repository.hpp"

#include "model-folder/files.hpp"
#include "model-folder/hub_names.hpp"

#include <algorithm>
#include <ctime>

namespace vw::hub {

namespace {

using checkpoint::Failure;
using checkpoint::Json;
using checkpoint::text_or_empty;

constexpr std::uint64_t most_listing_bytes = std::uint64_t{32} << 20;

std::string date_of(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  char text[32] = "";
  if (gmtime_r(&time, &parts) != nullptr) std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
  return text;
}

class Search {
 public:
  Search(const std::string& id, const std::string& revision, const Access& access, const Store& store)
      : id_(id), revision_(revision), access_(access), store_(store) {}

  // What was learned before: of a commit for good, of a branch as of then.
  std::optional<Lookup> stored() const {
    if (is_commit(revision_)) return stored_commit(revision_, "");
    const auto ref = store_.load("refs", revision_);
    if (!ref) return std::nullopt;
    try {
      const auto known = checkpoint::parse_json(ref->bytes, "refs/" + revision_);
      const auto seen = known.value("seen_s", std::int64_t{0});
      return stored_commit(text_or_empty(known, "commit"),
                           "'" + revision_ + "' as the Hub had it on " + date_of(seen) + ", when it was last asked");
    } catch (const std::exception&) {
      return std::nullopt;  // written by another version
    }
  }

  Lookup asked(Transfers& transfers) const {
    const auto url =
        access_.endpoint + "/api/models/" + id_ + "/revision/" + escaped_segment(revision_) + "?blobs=true";
    const auto reply = transfers.get({{.url = url, .most_bytes = most_listing_bytes}}).front();
    if (reply.is_good()) return read(reply);
    if (reply.status == 404 && reply.trouble.empty()) return missing(reply);
    const auto complaint = complaint_of(reply, access_, id_);
    const bool is_known = reply.status == 403 || reply.error_code == "GatedRepo";
    if (is_known && reply.trouble.empty()) throw Failure(access_.host, complaint.text());
    if (reply.is_transient())
      if (auto before = stored()) {
        before->note = access_.host + ": " + complaint.what + "; planned from what was fetched before" +
                       (before->note.empty() ? "" : ": " + before->note);
        before->unanswered = complaint;
        return *before;
      }
    return {.unanswered = complaint};
  }

 private:
  std::optional<Lookup> stored_commit(const std::string& commit, const std::string& note) const {
    const auto entry = store_.load("listings", commit);
    if (!entry) return std::nullopt;
    try {
      return Lookup{.listing = parse_listing(entry->bytes, "listing"), .note = note};
    } catch (const Failure&) {
      return std::nullopt;
    }
  }

  Lookup read(const Reply& reply) const {
    if (reply.is_web_page()) return {.unanswered = web_page_complaint("JSON")};
    if (reply.is_longer) return {.unanswered = Complaint{"lists more than 32 MiB of files", "name another model"}};
    try {
      Lookup found{.listing = parse_listing(reply.body, "the list of files of '" + id_ + "'"), .may_fetch = true};
      const Json ref = {{"commit", found.listing->commit}, {"seen_s", static_cast<std::int64_t>(std::time(nullptr))}};
      store_.keep("listings", found.listing->commit, {reply.body, reply.body.size()});
      store_.keep("refs", revision_, {ref.dump(), ref.dump().size()});
      return found;
    } catch (const Failure& failure) {
      return {.unanswered =
                  Complaint{failure.what(), "is HF_ENDPOINT the address of a Hub? it is " + access_.endpoint}};
    }
  }

  Lookup missing(const Reply& reply) const {
    if (reply.error_code != "RevisionNotFound") return {};
    throw Failure(access_.host, "'" + id_ + "' has no revision " + checkpoint::shown(revision_) +
                                    ", expected a branch, a tag or a commit\nhint: they are listed at " +
                                    access_.endpoint + "/" + id_ + "/commits/main");
  }

  const std::string &id_, &revision_;
  const Access& access_;
  const Store& store_;
};

}  // namespace

std::optional<ModelName> parse_model_name(const std::string& text) {
  ModelName name{.id = text, .file = {}, .quantization = {}};
  if (const auto colon = text.find(':'); colon != std::string::npos) {
    name.id = text.substr(0, colon);
    name.quantization = text.substr(colon + 1);
    if (name.quantization.empty()) return std::nullopt;
  } else if (const auto slash = text.find('/', text.find('/') + 1); text.ends_with(".gguf") && slash < text.size()) {
    name.id = text.substr(0, slash);
    name.file = text.substr(slash + 1);
  }
  return checkpoint::is_hub_id(name.id) ? std::optional(name) : std::nullopt;
}

Lookup look_up(const std::string& id, const std::string& revision, const Access& access, const Store& store,
               Transfers* transfers) {
  const Search search(id, revision, access, store);
  if (transfers == nullptr) return search.stored().value_or(Lookup{});
  if (is_commit(revision))
    if (auto known = search.stored()) {
      known->may_fetch = true;
      return *known;
    }
  return search.asked(*transfers);
}

}  // namespace vw::hub
