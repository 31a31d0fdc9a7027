// Renders a list of items of one kind. The source file of a kind specialises the first three
// templates and instantiates render().
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/json/parse.hpp"
#include "bqconn/output/format.hpp"
#include "bqconn/output/table.hpp"

namespace bqconn::output {

// What a list shows of a kind of item: its columns, the first of which identifies it, and the text
// without any item (null: only the titles).
struct Layout {
    std::vector<ColumnTitle> titles;
    const char* if_empty = nullptr;
};

template <typename Item>
Layout layout_of();

// A cell for each title.
template <typename Item>
Row cells_of(const Item& one);

template <typename Item>
json::OrderedJson json_of(const Item& one);

template <typename Item>
json::OrderedJson array_of(const std::vector<Item>& items) {
    json::OrderedJson array = json::OrderedJson::array();
    for (const auto& one : items) {
        array.push_back(json_of(one));
    }
    return array;
}

template <typename Item>
std::string render(const std::vector<Item>& items, Format format, const Style& style,
                   std::size_t kept) {
    if (format == Format::json) {
        return json::to_line(array_of(items)) + "\n";
    }
    std::string lines;
    std::vector<Row> rows;
    for (const auto& one : items) {
        if (format == Format::ndjson) {
            lines += json::to_line(json_of(one)) + "\n";
        } else if (Row cells = cells_of(one); format == Format::id) {
            lines += inert_line(cells.front()) + "\n";
        } else {
            rows.push_back(std::move(cells));
        }
    }
    auto [titles, if_empty] = layout_of<Item>();
    titles[kept].drop_order = 0;
    if (format == Format::csv) {
        Row names;
        for (const auto& one : titles) {
            names.push_back(to_lower_ascii(one.title));
        }
        return csv(names, rows);
    }
    if (format == Format::text) {
        return rows.empty() && if_empty ? if_empty : table(std::move(titles), rows, style);
    }
    return lines;
}

}  // namespace bqconn::output
