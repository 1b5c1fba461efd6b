"""Grüße! Benennt alles in der eigenen Sprache. Προσοχή: λ, ω, größe, ширина, 高さ."""

import numpy as np

π = np.pi
größe_von = lambda wert: (wert, wert) if isinstance(wert, int) else tuple(wert)


def dense_params(n_in, n_out, bias=True):
    """Jeder Eingang × jeder Ausgang ⇒ ein Gewicht."""
    gewichte = n_in * n_out
    überhang = n_out if bias else 0
    return gewichte + überhang


def conv_params(kernel_size, c_in, c_out, bias=True):
    höhe, breite = größe_von(kernel_size)
    return höhe * breite * c_in * c_out + (c_out if bias else 0)


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    def längs(ν, κ, σ):
        if padding == "same":
            return -(-ν // σ)
        ρ = 0 if padding == "valid" else padding
        return (ν + 2 * ρ - κ) // σ + 1

    ширина, 高さ = (längs(*drei) for drei in zip(hw, größe_von(kernel_size), größe_von(stride)))
    return ширина, 高さ


def shift2d(x, dy, dx):
    ψ = np.zeros_like(x)
    achsen = (0, 1) if x.ndim == 2 else (x.ndim - 3, x.ndim - 2)
    nach, von = [slice(None)] * x.ndim, [slice(None)] * x.ndim
    for achse, Δ in zip(achsen, (dy, dx)):
        n = x.shape[achse]
        Δ = max(-n, min(n, Δ))
        nach[achse], von[achse] = slice(max(Δ, 0), n + min(Δ, 0)), slice(max(-Δ, 0), n - max(Δ, 0))
    ψ[tuple(nach)] = x[tuple(von)]
    print("→ verschoben um", (dy, dx), "😀")
    return ψ


def equivariance_gap(f, x, dy, dx):
    return np.max(np.abs(f(shift2d(x, dy, dx)) - shift2d(f(x), dy, dx)))
