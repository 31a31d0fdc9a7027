#include "bqconn/output/result.hpp"

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::output {
namespace {

std::string as_text(const ConnectionResult& result) {
    const std::string done = result.outcome == "existing"  ? "Found"
                             : result.outcome == "updated" ? "Updated"
                                                           : "Created";
    std::string text = done + " base connection \"" + inert_line(result.name) + "\" in sandbox " +
                       inert_line(result.sandbox_name) + "\n";
    text += "  id    " + inert_line(result.id) + "\n";
    text += "  etag  " + inert_line(result.etag) + "\n";
    if (result.outcome == "recovered") {
        text += "The response was lost; the connection was found by name.\n";
    }
    return text;
}

}  // namespace

std::string render(const ConnectionResult& result, Format format) {
    switch (format) {
        case Format::text:
            return as_text(result);
        case Format::json:
            return json::to_line(json::OrderedJson{{"id", result.id},
                                                   {"etag", result.etag},
                                                   {"name", result.name},
                                                   {"sandboxName", result.sandbox_name},
                                                   {"outcome", result.outcome}}) +
                   "\n";
        case Format::id:
            return result.id + "\n";
        case Format::etag:
            return result.etag + "\n";
        case Format::env:
            return "BQCONN_CONNECTION_ID=" + result.id +
                   "\nBQCONN_CONNECTION_ETAG=" + shell_quoted(result.etag) + "\n";
        case Format::ndjson:
        case Format::csv:
            break;
    }
    return {};
}

}  // namespace bqconn::output
