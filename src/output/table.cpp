#include "bqconn/output/table.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <iterator>
#include <optional>
#include <utility>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::output {
namespace {

constexpr std::string_view gap = "  ";
constexpr std::size_t narrowest = 8;  // columns are never cut below this
constexpr std::size_t readable = 20;  // columns are dropped before others are cut below this

struct Cluster {
    std::size_t bytes = 0;
    std::size_t columns = 0;
};

// The grapheme cluster at the start of `text`. Its width is that of its widest code point.
Cluster first_cluster(std::string_view text) {
    Cluster cluster;
    utf8proc_int32_t before = -1;
    utf8proc_int32_t state = 0;
    while (cluster.bytes < text.size()) {
        utf8proc_int32_t point = 0;
        const auto* const at =
            reinterpret_cast<const utf8proc_uint8_t*>(text.data() + cluster.bytes);
        const auto length = utf8proc_iterate(
            at, static_cast<utf8proc_ssize_t>(text.size() - cluster.bytes), &point);
        if (length < 1) {  // invalid UTF-8: one column per byte
            return cluster.bytes == 0 ? Cluster{1, 1} : cluster;
        }
        if (before >= 0 && utf8proc_grapheme_break_stateful(before, point, &state) != 0) {
            break;
        }
        cluster.bytes += static_cast<std::size_t>(length);
        cluster.columns =
            std::max(cluster.columns, static_cast<std::size_t>(utf8proc_charwidth(point)));
        before = point;
    }
    return cluster;
}

std::vector<std::size_t> widths_of(const std::vector<Row>& rows) {
    std::vector<std::size_t> widths(rows.front().size());
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            widths[i] = std::max(widths[i], display_width(row[i]));
        }
    }
    return widths;
}

// The next column to drop so that those that may be cut stay readable; nullopt if they are.
std::optional<std::size_t> column_to_drop(const std::vector<std::size_t>& widths,
                                          const std::vector<ColumnTitle>& titles,
                                          std::size_t columns) {
    std::size_t total = gap.size() * (widths.size() - 1);
    std::optional<std::size_t> first;
    for (std::size_t i = 0; i < widths.size(); ++i) {
        total += titles[i].may_be_cut ? std::min(widths[i], readable) : widths[i];
        if (titles[i].drop_order > 0 &&
            (!first || titles[i].drop_order < titles[*first].drop_order)) {
            first = i;
        }
    }
    return total <= columns ? std::nullopt : first;
}

// Cuts the columns that may be cut to the largest common width that fits; false if none does.
bool fit(std::vector<std::size_t>& widths, const std::vector<ColumnTitle>& titles,
         std::size_t columns) {
    const std::vector<std::size_t> full = widths;
    for (std::size_t most = std::max(columns, narrowest); most >= narrowest; --most) {
        std::size_t total = gap.size() * (widths.size() - 1);
        for (std::size_t i = 0; i < widths.size(); ++i) {
            widths[i] = titles[i].may_be_cut ? std::min(full[i], most) : full[i];
            total += widths[i];
        }
        if (total <= columns) {
            return true;
        }
    }
    return false;
}

// For a terminal that is too narrow for columns: one cell per line, after its title.
std::string stacked(const std::vector<ColumnTitle>& titles, const std::vector<Row>& rows,
                    const Style& style) {
    std::string text;
    for (const auto& row : rows) {
        text += text.empty() ? "" : "\n";
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (row[i].empty()) {
                continue;
            }
            const std::string title =
                std::string(titles[i].title) + (titles[i].title.empty() ? "" : " ");
            const std::size_t left = style.columns - std::min(style.columns, title.size());
            text += styled(title, style.colour ? "1" : "") +
                    (titles[i].may_be_cut ? cut_to_width(row[i], left, cut_mark(style)) : row[i]) +
                    "\n";
        }
    }
    return text;
}

// Adds no trailing blanks.
std::string line_of(const Row& cells, const std::vector<std::size_t>& widths,
                    std::string_view mark) {
    std::string line;
    std::string blanks;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string cell = cut_to_width(cells[i], widths[i], mark);
        if (!cell.empty()) {
            line += blanks + cell;
            blanks.clear();
        }
        blanks += std::string(widths[i] - display_width(cell), ' ') + std::string(gap);
    }
    return line;
}

struct TimeUnit {
    long seconds;
    const char* name;
};

constexpr std::array<TimeUnit, 4> time_units{
    {{86'400, " d"}, {3'600, " h"}, {60, " min"}, {1, " s"}}};

}  // namespace

std::string_view cut_mark(const Style& style) {
    return style.ascii ? "~" : "…";
}

std::string styled(std::string_view text, std::string_view code) {
    return code.empty() ? std::string(text)
                        : "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Cluster cluster = first_cluster(text.substr(at));
        at += cluster.bytes;
        width += cluster.columns;
    }
    return width;
}

std::string cut_to_width(std::string_view text, std::size_t columns, std::string_view mark) {
    if (display_width(text) <= columns) {
        return std::string(text);
    }
    std::size_t end = 0;
    for (std::size_t used = 0;;) {
        const Cluster cluster = first_cluster(text.substr(end));
        used += cluster.columns;
        if (used + 1 > columns) {
            break;
        }
        end += cluster.bytes;
    }
    return std::string(text.substr(0, end)) + std::string(mark);
}

std::string wrapped(std::string_view text, std::size_t columns) {
    std::string out;
    const char* separator = "";
    for (const auto& line : split(text, '\n')) {
        out += std::exchange(separator, "\n");
        const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
        std::size_t used = 0;
        for (std::size_t at = 0; at < line.size();) {
            const auto word = std::min(line.find_first_not_of(' ', at), line.size());
            const auto end = std::min(line.find(' ', word), line.size());
            const std::size_t width =
                display_width(std::string_view(line).substr(word, end - word));
            if (columns > 0 && used > indent && used + (word - at) + width > columns) {
                out += "\n" + std::string(indent, ' ');
                used = indent;
            } else {
                out.append(line, at, word - at);
                used += word - at;
            }
            out.append(line, word, end - word);
            used += width;
            at = end;
        }
    }
    return out;
}

std::string table(std::vector<ColumnTitle> titles, const std::vector<Row>& rows,
                  const Style& style) {
    std::vector<Row> lines(1);
    for (const auto& title : titles) {
        lines.front().emplace_back(title.title);
    }
    for (const auto& row : rows) {
        Row& cells = lines.emplace_back();
        std::transform(row.begin(), row.end(), std::back_inserter(cells), inert_line);
    }
    auto widths = widths_of(lines);
    if (style.columns > 0 && !widths.empty()) {
        const auto all_titles = titles;
        const auto all_lines = lines;
        while (const auto dropped = column_to_drop(widths, titles, style.columns)) {
            const auto at = static_cast<std::ptrdiff_t>(*dropped);
            titles.erase(titles.begin() + at);
            widths.erase(widths.begin() + at);
            for (auto& row : lines) {
                row.erase(row.begin() + at);
            }
        }
        if (!fit(widths, titles, style.columns)) {
            return stacked(all_titles, {all_lines.begin() + 1, all_lines.end()}, style);
        }
    }
    std::string text;
    for (const auto& row : lines) {
        const bool bold = style.colour && text.empty();
        text += styled(line_of(row, widths, cut_mark(style)), bold ? "1" : "") + "\n";
    }
    return text;
}

std::string details(const std::vector<std::pair<std::string_view, std::string>>& lines) {
    std::size_t width = 0;
    for (const auto& [key, value] : lines) {
        width = std::max(width, value.empty() ? 0 : key.size());
    }
    std::string text;
    for (const auto& [key, value] : lines) {
        if (!value.empty()) {
            text += std::string(key) + std::string(width - key.size(), ' ') + std::string(gap) +
                    inert_line(value) + "\n";
        }
    }
    return text;
}

std::string csv(const std::vector<std::string>& titles, const std::vector<Row>& rows) {
    std::string text;
    const auto add = [&text](const Row& cells) {
        std::string_view separator;
        for (const auto& cell : cells) {
            text += std::string(separator) + "\"";
            for (const char c : inert_line(cell)) {
                text.append(c == '"' ? 2 : 1, c);
            }
            text += "\"";
            separator = ",";
        }
        text += "\n";
    };
    add(titles);
    for (const auto& row : rows) {
        add(row);
    }
    return text;
}

std::string local_time(long long milliseconds) {
    const std::time_t seconds = milliseconds / 1000;
    std::tm parts{};
    std::array<char, 40> text{};
    const bool done = milliseconds > 0 && ::localtime_r(&seconds, &parts) != nullptr &&
                      std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M %Z", &parts) > 0;
    return done ? text.data() : "-";
}

std::string duration(std::chrono::seconds time) {
    std::string text;
    for (const auto& [seconds, name] : time_units) {
        const auto count = time.count() / seconds;
        time -= std::chrono::seconds(count * seconds);
        if (!text.empty()) {
            return text + (count == 0 ? "" : " " + std::to_string(count) + name);
        }
        if (count > 0 || seconds == 1) {
            text = std::to_string(count) + name;
        }
    }
    return text;
}

std::string distance(std::chrono::sys_seconds from, std::chrono::sys_seconds to) {
    const long seconds = std::labs((to - from).count());
    const auto* unit = time_units.begin();
    while (unit->seconds > 1 && seconds < 2 * unit->seconds) {
        ++unit;
    }
    const std::string amount = std::to_string(seconds / unit->seconds) + unit->name;
    return to >= from ? "in " + amount : amount + " ago";
}

}  // namespace bqconn::output
