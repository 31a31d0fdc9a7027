#include "bqconn/output/listing.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::output {
namespace {

// "2026-01-31 12:00:00 UTC"
std::string time_text(std::int64_t milliseconds) {
    const std::time_t seconds = milliseconds / 1000;
    std::tm parts{};
    std::array<char, 32> text{};
    if (milliseconds <= 0 || ::gmtime_r(&seconds, &parts) == nullptr ||
        std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts) == 0) {
        return "-";
    }
    return text.data();
}

// The name stands last: what it holds cannot break a column.
std::string as_table(const std::vector<ListingRow>& rows) {
    constexpr std::size_t time_width = 23;
    std::size_t id_width = 2;
    std::size_t state_width = 5;
    for (const auto& row : rows) {
        id_width = std::max(id_width, row.id.size());
        state_width = std::max(state_width, inert_line(row.state).size());
    }
    const auto padded = [](std::string text, std::size_t width) {
        text.resize(std::max(text.size(), width), ' ');
        return text + "  ";
    };
    std::string table = padded("ID", id_width) + padded("STATE", state_width) +
                        padded("CREATED", time_width) + "NAME\n";
    for (const auto& row : rows) {
        table += padded(row.id, id_width) + padded(inert_line(row.state), state_width) +
                 padded(time_text(row.created_at), time_width) + inert_line(row.name) + "\n";
    }
    return table;
}

std::string as_json(const std::vector<ListingRow>& rows) {
    auto array = json::OrderedJson::array();
    for (const auto& row : rows) {
        array.push_back({{"id", row.id},
                         {"etag", row.etag},
                         {"name", row.name},
                         {"state", row.state},
                         {"createdAt", row.created_at}});
    }
    return json::to_line(array) + "\n";
}

}  // namespace

std::string render(const std::vector<ListingRow>& rows, Format format) {
    switch (format) {
        case Format::text:
            return rows.empty() ? "No connections.\n" : as_table(rows);
        case Format::json:
            return as_json(rows);
        case Format::id: {
            std::string ids;
            for (const auto& row : rows) {
                ids += row.id + "\n";
            }
            return ids;
        }
        case Format::env:
            break;
    }
    throw Error(ExitCode::usage, "usage.invalid_value",
                "the output format env holds one connection, not a list",
                "give one of text, json, id");
}

}  // namespace bqconn::output
