// The Sandbox API: GET /data/foundation/sandbox-management/, the sandboxes that the caller may use.
#include <algorithm>
#include <optional>
#include <string>

#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

const std::string sandboxes_path = "/data/foundation/sandbox-management/";

struct SandboxPage {
    std::size_t limit = 50;
    std::size_t offset = 0;
};

Refused invalid_page(const std::string& message) {
    return placeholder_problem(400, "BadRequestError", "The query parameter" + message);
}

SandboxPage parse_sandbox_page(const Pairs& query) {
    std::optional<std::size_t> limit;
    std::optional<std::size_t> offset;
    for (const auto& [key, value] : query) {
        if (key != "limit" && key != "offset") {
            throw invalid_page("s are limit and offset");
        }
        const auto number = whole_number<std::size_t>(value);
        if (!number) {
            throw invalid_page(" " + key + " must be a whole number");
        }
        (key == "limit" ? limit : offset) = number;
    }
    if (limit.has_value() != offset.has_value()) {
        throw invalid_page("s limit and offset must be given together");
    }
    if (limit == 0U) {
        throw invalid_page(" limit must not be 0");
    }
    return limit ? SandboxPage{*limit, *offset} : SandboxPage{};
}

Json link(const std::string& limit, const std::string& offset, const Json& templated) {
    return {{"href", sandboxes_path + "?limit=" + limit + "&offset=" + offset},
            {"templated", templated}};
}

Json links(const SandboxPage& page, std::size_t end, std::size_t all) {
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

Answer list_sandboxes(const Call& call) {
    const SandboxPage page = parse_sandbox_page(call.request.query);
    const auto& sandboxes = call.store.sandboxes();
    Json shown = Json::array();
    for (const Sandbox& sandbox : slice(sandboxes, page.offset, page.limit)) {
        shown.push_back({{"name", sandbox.name},
                         {"title", sandbox.title},
                         {"state", "active"},
                         {"type", sandbox.type},
                         {"region", sandbox.region},
                         {"isDefault", sandbox.is_default}});
    }
    const Json counts = {{"limit", page.limit}, {"count", shown.size()}};
    return json_answer(200,
                       {{"sandboxes", shown},
                        {"_page", counts},
                        {"_links", links(page, page.offset + shown.size(), sandboxes.size())}});
}

}  // namespace

void add_sandbox_routes(Routes& routes) {
    routes.push_back({"GET " + sandboxes_path, Access::gateway, list_sandboxes});
}

}  // namespace bqconn::emulator
