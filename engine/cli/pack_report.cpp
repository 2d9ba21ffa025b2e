#include "cli/pack_report.hpp"

#include "base/text.hpp"
#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace vw::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string cards_of(const Seat& seat) {
  std::vector<std::string> cards;
  for (const std::size_t card : seat.cards) cards.push_back(std::to_string(card));
  return join(cards, ",");
}

std::string models_on_cards(const PackReport& report) {
  const Hardware& hardware = report.ground.hardware;
  const std::size_t models = report.set.models.size();
  return fmt::format("{} {} on {} x {}", models, models == 1 ? "model" : "models", hardware.gpus_per_node,
                     hardware.gpu.name);
}

Share least_headroom(const Packing& packing) {
  Share least = whole_card;
  for (std::size_t card = 0; card < packing.cards.size(); ++card) least = std::min(least, packing.headroom(card));
  return least;
}

// Why a model does not even fit on cards of its own; empty: it does.
std::string obstacle_of(const PackedSet& set, std::size_t at) {
  const Demand& demand = set.packing.demands[at];
  const Tenant& tenant = set.tenants[at];
  if (!tenant.scenario.obstacles.empty()) {
    const Obstacle& first = tenant.scenario.obstacles.front();
    return first.what + " " + first.why;
  }
  const auto tensor = tenant.scenario.request.tensor_parallel.value_or(1);
  if (!demand.is_supported) return "vLLM refuses to split it so";
  if (!demand.least)
    return fmt::format("{:.1f} GiB short on {} alone", to_gib(demand.missing_bytes),
                       tensor == 1 ? "a card" : fmt::format("{} cards", tensor));
  if (static_cast<std::size_t>(tensor) > set.node.cards) return fmt::format("needs {} cards", tensor);
  if (tenant.share && *tenant.share < ratio_of(*demand.least))
    return fmt::format("share {:g} is too small, it needs {:.3f}", *tenant.share, ratio_of(*demand.least));
  if (tenant.share && *tenant.share > ratio_of(demand.most))
    return fmt::format("share {:g} is too large, at most {:.3f} start", *tenant.share,
                       ratio_of(demand.most / share_step * share_step));
  return "";
}

std::string verdict_text(const PackReport& report) {
  const Packing& packing = report.set.packing;
  const std::string what = models_on_cards(report);
  if (packing.fits())
    return fmt::format("{}: {}, {:.1f} GiB to spare{}\n", packing.fit == Packing::Fit::yes ? "FITS" : "FITS TIGHTLY",
                       what, packing.gib_of(least_headroom(packing)),
                       packing.cards.size() > 1 ? " on the fullest" : "");
  if (packing.missing > 0)
    return fmt::format("DOES NOT FIT: {}, {:.1f} GiB missing{}\n", what, packing.gib_of(packing.missing),
                       report.set.node.cards > 1 ? " on each" : "");
  return fmt::format("DOES NOT FIT: {}\n", what);
}

std::string needs_text(const PackReport& report) {
  const PackedSet& set = report.set;
  Rows rows = {{"#", "model", "cards", "share", "GiB", "beside it"}};
  for (std::size_t at = 0; at < set.models.size(); ++at) {
    const Demand& demand = set.packing.demands[at];
    const Share least = demand.least.value_or(0);
    rows.push_back({std::to_string(at + 1), set.models[at].name,
                    std::to_string(set.tenants[at].scenario.request.tensor_parallel.value_or(1)),
                    least > 0 ? fmt::format("{:.3f}", ratio_of(least)) : "-",
                    least > 0 ? fmt::format("{:.1f}", set.packing.gib_of(least)) : "-",
                    fmt::format("{:.1f}", set.packing.gib_of(demand.outside))});
  }
  std::string text = "\nWhat each needs at least\n" + indented(table(rows));
  for (std::size_t at = 0; at < set.models.size(); ++at)
    if (const std::string why = obstacle_of(set, at); !why.empty())
      text += fmt::format("  {}: {}\n", set.models[at].name, why);
  if (set.packing.total_bytes > 0)
    text += fmt::format("  a card: {:.1f} GiB free of {:.1f}, shares up to {:.2f} together\n",
                        set.packing.gib_of(set.packing.free), to_gib(set.packing.total_bytes),
                        ratio_of(set.packing.most_shares));
  return text;
}

std::string card_text(const PackReport& report, std::size_t card) {
  const PackedSet& set = report.set;
  const Packing& packing = set.packing;
  Rows rows = {{"", "GiB", "share", ""}};
  const auto add = [&](const std::string& what, Share share, const std::string& note) {
    rows.push_back({what, fmt::format("{:6.1f}", packing.gib_of(share)), fmt::format("{:.3f}", ratio_of(share)), note});
  };
  for (const std::size_t at : packing.launch_order) {
    const Seat& seat = packing.seats[at];
    if (std::find(seat.cards.begin(), seat.cards.end(), card) != seat.cards.end())
      add(set.models[at].name, seat.share, "");
  }
  add("beside the shares", packing.cards[card].outside, "contexts, graphs, buffers");
  if (packing.held() > 0) add("held by others", packing.held(), "");
  const Share within = std::max<Share>(0, packing.most_shares - packing.cards[card].shares);
  add("to spare", packing.headroom(card),
      fmt::format("{:.3f} up to {:.2f} of shares", ratio_of(std::min(within, packing.headroom(card))),
                  ratio_of(packing.most_shares)));
  return fmt::format("\nCard {}, {:.1f} GiB\n", card, to_gib(packing.total_bytes)) + indented(table(rows));
}

std::string room_text(const PackedSet& set, std::size_t at) {
  if (set.most_requests[at] > 0) return show_count(set.most_requests[at]);
  return show_count(set.packing.seats[at].most_sequences);
}

std::string models_text(const PackReport& report) {
  const PackedSet& set = report.set;
  Rows rows = {{"#", "model", "card", "share", "context", "requests", "room for"}};
  Rows memory = {{"GiB of a card", "weights", "working", "KV cache", "tokens", "port"}};
  for (const std::size_t at : set.packing.launch_order) {
    const Seat& seat = set.packing.seats[at];
    rows.push_back({std::to_string(rows.size()), set.models[at].name, cards_of(seat),
                    fmt::format("{:.3f}", ratio_of(seat.share)), show_count(seat.served.context_tokens),
                    show_count(seat.served.concurrency), room_text(set, at)});
    memory.push_back({set.models[at].name, fmt::format("{:7.2f}", to_gib(seat.memory.weights_bytes)),
                      fmt::format("{:7.2f}", to_gib(seat.memory.overhead_bytes)),
                      fmt::format("{:8.2f}", to_gib(seat.memory.kv_available_bytes)),
                      show_count(static_cast<std::int64_t>(seat.memory.kv_tokens)),
                      std::to_string(first_port + static_cast<std::int64_t>(at))});
  }
  return "\nModels, in the order to start them\n" + indented(table(rows)) + "\n" + indented(table(memory));
}

std::string range_of(double best, double low, double high, int decimals) {
  if (best <= 0) return "-";
  const std::string text = fmt::format("{:.{}f}", best, decimals);
  return high > low ? text + fmt::format(" ({:.{}f} - {:.{}f})", low, decimals, high, decimals) : text;
}

bool shares_a_card(const Packing& packing) {
  std::vector<std::size_t> servers(packing.cards.size(), 0);
  for (const Seat& seat : packing.seats)
    for (const std::size_t card : seat.cards) ++servers[card];
  return std::any_of(servers.begin(), servers.end(), [](std::size_t count) { return count > 1; });
}

std::string speed_text(const PackReport& report) {
  const PackedSet& set = report.set;
  Rows rows = {{"alone on its cards", "ms to first", "ms per token", "tokens/s"}};
  for (const std::size_t at : set.packing.launch_order) {
    const vw_perf& perf = report.servers[at].plan.perf;
    rows.push_back({set.models[at].name, range_of(perf.ttft_ms, 0, 0, 0),
                    range_of(perf.tpot_ms, perf.tpot_low_ms, perf.tpot_high_ms, 1),
                    range_of(perf.output_tokens_per_s, 0, 0, 0)});
  }
  std::string text = "\nExpected speed\n" + indented(table(rows));
  if (shares_a_card(set.packing))
    text +=
        "  servers on one card take turns: how much each slows the others is not\n"
        "  modelled; these numbers hold while its neighbours are idle\n";
  return text;
}

std::string launch_text(const PackReport& report) {
  if (!shares_a_card(report.set.packing)) return "";
  const bool counts_others = utilization_of(report.ground, report.set, report.set.packing.launch_order.back()) !=
                             ratio_of(report.set.packing.seats[report.set.packing.launch_order.back()].share);
  std::string text =
      "\nStart each when the one before answers /health: a start measures the whole\n"
      "card, and two at once charge each other's memory. ";
  if (counts_others)
    return text +
           "This release counts what\nothers hold against --gpu-memory-utilization: it is the sum up to each server\n"
           "here, and holds in this order only.\n";
  return text +
         "The sum is the same in any\norder; the largest first meets the emptiest card, should its start need more\n"
         "than its share for a moment.\n";
}

std::string used_of(const Packing& packing) {
  Share used = 0;
  for (const Card& card : packing.cards) used += card.shares + card.outside;
  const auto cards = static_cast<double>(packing.cards.size());
  return fmt::format("{:.0f} %", ratio_of(used) / cards * 100);
}

std::vector<std::string> set_row(const std::string& what, const PackedSet& set) {
  const Packing& packing = set.packing;
  if (!packing.fits()) {
    const std::string missing = packing.missing > 0 ? fmt::format("-{:.1f}", packing.gib_of(packing.missing)) : "";
    return {what, "-", "-", missing, "DOES NOT FIT"};
  }
  std::vector<std::string> rooms;
  for (std::size_t at = 0; at < set.models.size(); ++at) rooms.push_back(room_text(set, at));
  return {what, join(rooms, " + "), used_of(packing), fmt::format("{:.1f}", packing.gib_of(least_headroom(packing))),
          packing.fit == Packing::Fit::yes ? "FITS" : "FITS TIGHTLY"};
}

void add_formats(const PackedSet& set, std::set<std::string>& seen, std::string& text) {
  for (const Tenant& tenant : set.tenants) {
    const Format& format = tenant.weights().format;
    if (format.is_plain() || !seen.insert(format.id).second) continue;
    const auto known = format.json.find("accuracy_recovery");
    if (known == format.json.end())
      text += fmt::format("  {:<14}not known\n", format.id);
    else
      text += fmt::format("  {:<14}{:.1f} % of 16 bit: {}\n", format.id, known->value("share", 0.0) * 100,
                          known->value("of", ""));
  }
}

std::string accuracy_text(const PackReport& report) {
  std::set<std::string> seen;
  std::string text;
  add_formats(report.set, seen, text);
  for (const PackAlternative& alternative : report.alternatives) add_formats(alternative.set, seen, text);
  return text.empty() ? "" : "\nAccuracy kept by the formats, as published\n" + text;
}

// "#2 qwen3-14b": that model in place of the second.
std::string name_of(const PackReport& report, const PackAlternative& alternative) {
  if (!alternative.other_size) return alternative.what;
  const std::size_t at = *alternative.other_size;
  const auto& order = report.set.packing.launch_order;
  const auto place = std::find(order.begin(), order.end(), at);
  const std::size_t number = place == order.end() ? at : static_cast<std::size_t>(place - order.begin());
  return fmt::format("#{} {}", number + 1, alternative.set.models[at].name);
}

std::string alternatives_text(const PackReport& report) {
  if (report.alternatives.empty()) return "";
  Rows rows = {{"set", "room for", "used", "spare", ""}, set_row("as asked", report.set)};
  std::string without;
  for (const PackAlternative& alternative : report.alternatives) {
    if (alternative.set.tenants.empty())
      without += fmt::format("  {}: {}\n", alternative.what, printable(alternative.why, 300));
    else
      rows.push_back(set_row(name_of(report, alternative), alternative.set));
  }
  return "\nThe same otherwise: requests at their contexts, GiB\n" + indented(table(rows)) + without;
}

std::string commands_text(const PackReport& report) {
  std::string text;
  for (const std::size_t at : report.set.packing.launch_order) {
    text += text.empty() ? "\nCommands\n" : "\n";
    text += indented(report.commands[at]);
  }
  return text;
}

std::string explained(const PackReport& report) {
  const PackedSet& set = report.set;
  std::string text =
      "\nHow the shares come about\n"
      "  first what is asked for, then the margin of its estimate; what is left goes\n"
      "  to models with something open, the same number of rounds for each: a round\n"
      "  is the KV cache of as much again as it asks for\n";
  Rows rows = {{"share of a card", "asked", "margin", "a round", "most alone", "beside"}};
  for (std::size_t at = 0; at < set.models.size(); ++at) {
    const Demand& demand = set.packing.demands[at];
    const auto text_of = [](Share share) { return fmt::format("{:.3f}", ratio_of(share)); };
    rows.push_back({set.models[at].name, text_of(demand.least.value_or(0)),
                    text_of(demand.safe.value_or(0) - demand.least.value_or(0)), text_of(demand.of_more),
                    text_of(demand.most), fmt::format("{:.4f}", ratio_of(demand.outside))});
  }
  return text + indented(table(rows));
}

}  // namespace

std::string pack_text(const PackReport& report, bool explain) {
  std::string text = verdict_text(report);
  if (!report.set.packing.fits())
    return text + needs_text(report) + alternatives_text(report) + accuracy_text(report) +
           (explain ? explained(report) : "");
  for (std::size_t card = 0; card < report.set.packing.cards.size(); ++card) text += card_text(report, card);
  return text + models_text(report) + speed_text(report) + launch_text(report) + (explain ? explained(report) : "") +
         alternatives_text(report) + accuracy_text(report) + commands_text(report);
}

}  // namespace vw::cli
