#include "bqconn/emulator/list_query.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "bqconn/core/text.hpp"
#include "bqconn/emulator/list_filter.hpp"
#include "bqconn/emulator/problem.hpp"

namespace bqconn::emulator {
namespace {

constexpr std::size_t default_limit = 20;
constexpr std::size_t largest_limit = 100;

struct ListQuery {
    std::vector<std::string> filters;
    std::string order;
    std::optional<std::size_t> limit;
    std::size_t first = 0;
    bool count = false;
};

// All of `text` as a number; none if it is not one.
std::optional<std::size_t> number_of(std::string_view text) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

// Contains reserved characters on purpose, to expose a client that does not re-encode it.
std::string page_token(std::string_view page_key, std::size_t first) {
    return "+" + std::string(page_key) + "#" + std::to_string(first) + "&=";
}

std::size_t parse_page_token(std::string_view token, std::string_view page_key) {
    const std::string beginning = "+" + std::string(page_key) + "#";
    if (token.starts_with(beginning) && token.ends_with("&=")) {
        token.remove_prefix(beginning.size());
        token.remove_suffix(2);
        if (const auto first = number_of(token)) {
            return *first;
        }
    }
    throw invalid_query("1453-400",
                        "Invalid query value continuationToken provided in query param.");
}

std::size_t limit_of(std::string_view text) {
    const auto limit = number_of(text);
    if (!limit || *limit == 0) {
        throw invalid_query("1453-400", "Invalid query value limit provided in query param.");
    }
    return std::min(*limit, largest_limit);
}

ListQuery parse_query(const Pairs& query, std::string_view page_key) {
    ListQuery parsed;
    for (const auto& [key, value] : query) {
        if (key == "property") {
            parsed.filters.push_back(value);
        } else if (key == "orderby") {
            parsed.order = value;
        } else if (key == "limit") {
            parsed.limit = limit_of(value);
        } else if (key == "continuationToken") {
            parsed.first = parse_page_token(value, page_key);
        } else if (key == "count") {
            parsed.count = to_lower_ascii(value) == "true";
        } else {
            throw invalid_query("1451-400", "Invalid params " + key + " provided in query params.");
        }
    }
    if (parsed.count && parsed.limit) {
        throw invalid_query(
            "1401-400",
            "The limit and count parameters cannot be given together in the same "
            "request. Please provide either only the limit or the count parameter and "
            "try again.");
    }
    return parsed;
}

}  // namespace

Json resource_document(const Resource& resource) {
    constexpr std::string_view user = "emulated@techacct.adobe.com";
    Json document = {{"id", resource.id},
                     {"createdAt", resource.created_at},
                     {"updatedAt", resource.updated_at},
                     {"createdBy", user},
                     {"updatedBy", user},
                     {"createdClient", resource.created_client},
                     {"updatedClient", resource.updated_client},
                     {"sandboxId", resource.sandbox_id},
                     {"sandboxName", resource.sandbox_name},
                     {"imsOrgId", resource.org_id},
                     {"name", resource.name},
                     {"state", resource.state},
                     {"version", resource.etag},
                     {"etag", resource.etag}};
    if (resource.description) {
        document["description"] = *resource.description;
    }
    document.update(resource.members);
    return document;
}

std::string collection_name(Kind kind) {
    switch (kind) {
        case Kind::connection:
            return "connections";
        case Kind::source_connection:
            return "sourceConnections";
        case Kind::flow:
            return "flows";
    }
    return {};
}

Json list_document(std::vector<ResourcePointer> resources, Kind kind, const Pairs& query,
                   std::string_view page_key) {
    const ListQuery parsed = parse_query(query, page_key);
    for (const auto& filter : parsed.filters) {
        keep_matching(resources, kind, filter);
    }
    if (parsed.count) {
        return {{"count", resources.size()}};
    }
    if (!parsed.order.empty()) {
        sort_by(resources, kind, parsed.order);
    }
    const std::size_t begin = std::min(parsed.first, resources.size());
    const std::size_t end =
        std::min(begin + parsed.limit.value_or(default_limit), resources.size());
    Json document = {{"items", Json::array()}, {"_links", Json::object()}};
    for (std::size_t i = begin; i < end; ++i) {
        document["items"].push_back(resource_document(*resources[i]));
    }
    if (end < resources.size()) {
        document["_links"]["next"]["href"] = "/" + collection_name(kind) + "?continuationToken=" +
                                             percent_encode(page_token(page_key, end));
    }
    return document;
}

}  // namespace bqconn::emulator
