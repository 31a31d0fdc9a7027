#include "bqconn/emulator/sandbox_management.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "bqconn/emulator/problem.hpp"

namespace bqconn::emulator {
namespace {

const std::string collection = "/data/foundation/sandbox-management/";

struct Page {
    std::size_t limit = 50;
    std::size_t offset = 0;
};

Refused invalid_page(const std::string& message) {
    return placeholder_problem(400, "BadRequestError", message);
}

std::size_t number_of(const std::string& name, const std::string& text) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) {
        throw invalid_page("The query parameter " + name + " must be a whole number");
    }
    return number;
}

Page parse_page(const Pairs& query) {
    std::optional<std::size_t> limit;
    std::optional<std::size_t> offset;
    for (const auto& [key, value] : query) {
        if (key == "limit") {
            limit = number_of(key, value);
        } else if (key == "offset") {
            offset = number_of(key, value);
        } else {
            throw invalid_page("The query parameters are limit and offset");
        }
    }
    if (limit.has_value() != offset.has_value()) {
        throw invalid_page("The query parameters limit and offset must be given together");
    }
    if (limit == 0U) {
        throw invalid_page("The query parameter limit must not be 0");
    }
    return limit ? Page{*limit, *offset} : Page{};
}

Json link(const std::string& limit, const std::string& offset, const Json& templated) {
    return {{"href", collection + "?limit=" + limit + "&offset=" + offset},
            {"templated", templated}};
}

Json links(const Page& page, std::size_t end, std::size_t all) {
    const Json pattern = link("{limit}", "{offset}", true);
    Json links = {{"page", pattern}};
    if (end < all) {
        // Adobe's link only says that there is more; the client computes the offset.
        links["next"] = pattern;
    }
    if (page.offset > 0) {
        const std::size_t before = page.offset - std::min(page.offset, page.limit);
        links["prev"] = link(std::to_string(page.limit), std::to_string(before), nullptr);
    }
    return links;
}

Json sandbox_document(const Sandbox& sandbox) {
    return {{"name", sandbox.name}, {"title", sandbox.title},   {"state", "active"},
            {"type", sandbox.type}, {"region", sandbox.region}, {"isDefault", sandbox.is_default}};
}

Answer list(const Call& call, const Store& store) {
    const Page page = parse_page(call.request.query);
    const auto& sandboxes = store.sandboxes();
    const std::size_t begin = std::min(page.offset, sandboxes.size());
    const std::size_t end = begin + std::min(page.limit, sandboxes.size() - begin);
    Json shown = Json::array();
    for (std::size_t i = begin; i < end; ++i) {
        shown.push_back(sandbox_document(sandboxes[i]));
    }
    const Json counts = {{"limit", page.limit}, {"count", shown.size()}};
    return json_answer(
        200,
        {{"sandboxes", shown}, {"_page", counts}, {"_links", links(page, end, sandboxes.size())}});
}

}  // namespace

void add_sandbox_routes(Router& router, const Store& store) {
    router.add({"GET", collection, Access::gateway,
                [&store](const Call& call) { return list(call, store); }});
}

}  // namespace bqconn::emulator
