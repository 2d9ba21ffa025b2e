#include "search/scatter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace vw {
namespace {

// Points that are nearer than this ratio cover each other.
int cell_of(double value) {
  constexpr double cells_per_decade = 80;
  return static_cast<int>(std::floor(std::log10(value) * cells_per_decade));
}

// Paul Tol's "bright" scheme, which colour-blind readers can tell apart, and grey for the rest
// (https://personal.sron.nl/~pault/, section 2).
constexpr std::array<const char*, 6> colours = {"#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377"};
constexpr const char* colour_of_others = "#bbbbbb";

constexpr double width = 900, height = 560, left = 80, right = 680, top = 50, bottom = 500;

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char letter : text) {
    if (letter == '&')
      safe += "&amp;";
    else if (letter == '<')
      safe += "&lt;";
    else
      safe += letter;
  }
  return safe;
}

// A logarithmic axis from one end of the picture to the other.
class Axis {
 public:
  Axis(double least, double most, double begin, double end) : begin_(begin), end_(end) {
    constexpr double margin = 1.15;
    low_ = std::log10(least / margin);
    high_ = std::log10(most * margin);
  }
  double at(double value) const { return begin_ + (std::log10(value) - low_) / (high_ - low_) * (end_ - begin_); }
  // 1, 2 and 5 of every decade.
  std::vector<double> ticks() const {
    std::vector<double> found;
    for (int decade = static_cast<int>(std::floor(low_)); decade <= static_cast<int>(high_); ++decade)
      for (const double step : {1.0, 2.0, 5.0}) {
        const double value = step * std::pow(10, decade);
        if (std::log10(value) >= low_ && std::log10(value) <= high_) found.push_back(value);
      }
    return found;
  }

 private:
  double begin_, end_, low_ = 0, high_ = 0;
};

struct Series {
  std::string gpu;
  const char* colour;
};

// The accelerators of the front, in its order, as far as there are colours.
std::vector<Series> series_of(const std::vector<Ranked>& front) {
  std::vector<Series> series;
  for (const Ranked& row : front) {
    const std::string& gpu = row.row.lane->scenario.hardware.gpu.id;
    const bool is_new = std::none_of(series.begin(), series.end(), [&](const Series& one) { return one.gpu == gpu; });
    if (is_new && series.size() < colours.size()) series.push_back({gpu, colours[series.size()]});
  }
  return series;
}

const char* colour_of(const std::vector<Series>& series, const std::string& gpu) {
  const auto found = std::find_if(series.begin(), series.end(), [&](const Series& one) { return one.gpu == gpu; });
  return found == series.end() ? colour_of_others : found->colour;
}

class Picture {
 public:
  Picture(const Points& points, const Front& front)
      : points_(points.list()),
        front_(front.rows()),
        tradeoff_(front.tradeoff()),
        series_(series_of(front_)),
        x_(axis_of([](const Points::Point& point) { return point.x; }, left, right)),
        y_(axis_of([](const Points::Point& point) { return point.y; }, bottom, top)) {}

  std::string draw(const std::string& title) {
    text_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
        "font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n",
        width, height);
    words(left, top - 22, "start", title, 15);
    if (points_.empty()) {
      words(left, (top + bottom) / 2, "start", "nothing to draw: no row has both figures", 13);
      return text_ + "</svg>\n";
    }
    draw_grid();
    draw_points();
    draw_front();
    draw_legend();
    return text_ + "</svg>\n";
  }

 private:
  Axis axis_of(double (*value)(const Points::Point&), double begin, double end) const {
    double least = 1, most = 10;
    if (!points_.empty()) least = most = value(points_.front());
    for (const Points::Point& point : points_) {
      least = std::min(least, value(point));
      most = std::max(most, value(point));
    }
    return {least, most, begin, end};
  }

  void words(double x, double y, const char* anchor, const std::string& what, int size) {
    text_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" font-size=\"{}\">{}</text>\n", x, y,
                         anchor, size, escaped(what));
  }
  void line(double x1, double y1, double x2, double y2, const char* colour) {
    text_ += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"/>\n", x1, y1, x2,
                         y2, colour);
  }
  void dot(double x, double y, double radius, const char* colour, const char* edge) {
    text_ += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" fill=\"{}\" stroke=\"{}\"/>\n", x, y, radius,
                         colour, edge);
  }

  void draw_grid() {
    constexpr const char *grid = "#e4e4e4", *frame = "#444444";
    for (const double tick : x_.ticks()) {
      line(x_.at(tick), top, x_.at(tick), bottom, grid);
      words(x_.at(tick), bottom + 18, "middle", fmt::format("{:g}", tick), 12);
    }
    for (const double tick : y_.ticks()) {
      line(left, y_.at(tick), right, y_.at(tick), grid);
      words(left - 8, y_.at(tick) + 4, "end", fmt::format("{:g}", tick), 12);
    }
    line(left, bottom, right, bottom, frame);
    line(left, top, left, bottom, frame);
    words((left + right) / 2, bottom + 42, "middle", tradeoff_.x_title, 13);
    text_ += fmt::format(
        "<text transform=\"translate({},{}) rotate(-90)\" text-anchor=\"middle\" font-size=\"13\">{}</text>\n",
        left - 52, (top + bottom) / 2, escaped(tradeoff_.y_title));
  }

  // The rest first: what is on the front lies above.
  void draw_points() {
    for (const bool is_named : {false, true})
      for (const Points::Point& point : points_) {
        const char* const colour = colour_of(series_, point.gpu);
        if ((colour != colour_of_others) == is_named) dot(x_.at(point.x), y_.at(point.y), 2, colour, "none");
      }
  }

  void draw_front() {
    std::string corners;
    for (const Ranked& row : front_)
      corners += fmt::format("{:.1f},{:.1f} ", x_.at(*tradeoff_.x(row.figures)), y_.at(*tradeoff_.y(row.figures)));
    text_ += "<polyline fill=\"none\" stroke=\"#222222\" stroke-width=\"1.2\" points=\"" + corners + "\"/>\n";
    for (const Ranked& row : front_)
      dot(x_.at(*tradeoff_.x(row.figures)), y_.at(*tradeoff_.y(row.figures)), 4,
          colour_of(series_, row.row.lane->scenario.hardware.gpu.id), "#222222");
  }

  void draw_legend() {
    constexpr double at = right + 20, spacing = 20;
    double y = top + 10;
    const auto entry = [&](const std::string& what, const char* colour) {
      dot(at, y - 4, 4, colour, "none");
      words(at + 12, y, "start", what, 12);
      y += spacing;
    };
    for (const Series& one : series_) entry(one.gpu, one.colour);
    entry("other GPUs", colour_of_others);
    line(at - 6, y - 4, at + 6, y - 4, "#222222");
    words(at + 12, y, "start", "nothing is better in both", 12);
    words(at - 6, y + spacing, "start",
          fmt::format("(better is {} and {})", tradeoff_.more_x_is_better ? "right" : "left",
                      tradeoff_.more_y_is_better ? "up" : "down"),
          12);
  }

  std::vector<Points::Point> points_;
  std::vector<Ranked> front_;
  const Tradeoff& tradeoff_;
  std::vector<Series> series_;
  Axis x_, y_;
  std::string text_;
};

}  // namespace

void Points::add(const Figures& figures, const Lane& lane) {
  const auto x = tradeoff_->x(figures), y = tradeoff_->y(figures);
  if (!x || !y || *x <= 0 || *y <= 0) return;
  cells_.try_emplace({cell_of(*x), cell_of(*y)}, Point{*x, *y, lane.scenario.hardware.gpu.id});
}

void Points::add(Points&& later) { cells_.merge(later.cells_); }

std::vector<Points::Point> Points::list() const {
  std::vector<Point> points;
  for (const auto& [cell, point] : cells_) points.push_back(point);
  return points;
}

std::string scatter_svg(const std::string& title, const Points& points, const Front& front) {
  return Picture(points, front).draw(title);
}

}  // namespace vw
