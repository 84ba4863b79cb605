// Package ext says that Traefik's own objects have no fields beyond its own. Traefik
// takes it from a folder of its repository that its module leaves out.
package ext

// HTTP is added to what Traefik knows of HTTP.
type HTTP struct{}

// Router is added to a router.
type Router struct{}

// RouterIng is added to a router by an ingress' annotations.
type RouterIng struct{}

// ToRouter is what it adds.
func (RouterIng) ToRouter() Router { return Router{} }
